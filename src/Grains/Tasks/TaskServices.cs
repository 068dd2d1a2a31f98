using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Events;
using OpenClaw.Grains.Scheduling;
using OpenClaw.Grains.State;
using OpenClaw.Grains.Tasks.Actions;
using OpenClaw.Storage.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <summary>What the grains of tasks have in common in a silo.</summary>
internal sealed class TaskServices(
    ITaskStore store,
    TaskDefinitions definitions,
    TaskOwners owners,
    IEnumerable<ITaskActionRunner> runners,
    FairQueues queues,
    EventBell bell,
    IHostApplicationLifetime lifetime,
    IOptions<TaskOptions> options,
    TimeProvider time,
    ILogger<ScheduledTaskGrain> logger)
{
    /// <summary>Runs that are being started at once in this silo; further ones wait, shared fairly between tenants.</summary>
    private const int StartsAtOnce = 64;

    private readonly ITaskActionRunner[] _runners = [.. runners];

    public ITaskStore Store => store;

    public TaskDefinitions Definitions => definitions;

    public TaskOwners Owners => owners;

    /// <summary>Slots to start a run with.</summary>
    public FairQueue Starts { get; } = queues.Create("tasks", StartsAtOnce);

    public EventBell Bell => bell;

    public TaskOptions Options => options.Value;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    public ITaskActionRunner RunnerOf(TaskActionType type) => Array.Find(_runners, runner => runner.Type == type)!;

    /// <summary>The present, as exactly as rows keep it.</summary>
    public DateTimeOffset Now() => time.GetUtcNow().AsStored();
}
