using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Approvals;
using OpenClaw.Grains.Events;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Scheduling;
using OpenClaw.Grains.Sessions.Context;
using OpenClaw.Grains.Sessions.Turns;
using OpenClaw.Grains.Skills.Tools;
using OpenClaw.Grains.Tenants;
using OpenClaw.Grains.Tools;
using OpenClaw.Storage.Idempotency;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Sessions;

/// <summary>What every session needs; one object for the process, so that an activation holds one reference.</summary>
internal sealed class SessionServices(
    ISessionLog log,
    IIdempotencyStore idempotency,
    IModelGateway models,
    IToolRegistry tools,
    SkillTools skills,
    HistoryCache histories,
    SessionShutdown shutdown,
    FairQueues queues,
    TurnSlots turnSlots,
    SessionAttachments attachments,
    SessionMemories memories,
    ToolOutputs toolOutputs,
    TenantBudgets budgets,
    ModelPrices prices,
    TenantToolPolicies toolPolicies,
    EventBell events,
    IOptions<ModelOptions> modelOptions,
    IOptions<SessionOptions> options,
    TimeProvider time,
    ILoggerFactory loggers)
{
    public ISessionLog Log { get; } = log;

    public IIdempotencyStore Idempotency { get; } = idempotency;

    public IModelGateway Models { get; } = models;

    public HistoryCache Histories { get; } = histories;

    public SessionShutdown Shutdown { get; } = shutdown;

    public FairQueues Queues { get; } = queues;

    public TurnSlots TurnSlots { get; } = turnSlots;

    public SessionAttachments Attachments { get; } = attachments;

    public SessionMemories Memories { get; } = memories;

    public ToolOutputs ToolOutputs { get; } = toolOutputs;

    public TenantBudgets Budgets { get; } = budgets;

    public ModelPrices Prices { get; } = prices;

    public TenantToolPolicies ToolPolicies { get; } = toolPolicies;

    public EventBell Events { get; } = events;

    /// <summary>How long a reservation that nobody settles holds: longer than any call.</summary>
    public TimeSpan ReservationLifetime { get; } = modelOptions.Value.CallTimeout + TimeSpan.FromMinutes(1);

    public SessionOptions Options { get; } = options.Value;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = loggers.CreateLogger("OpenClaw.Sessions");

    public ILogger StreamLogger { get; } = loggers.CreateLogger("OpenClaw.Streaming");

    /// <summary>The tools of a conversation's turn, as they are now.</summary>
    public async ValueTask<TurnTools> ToolsOfAsync(SessionKey session, CancellationToken cancellationToken) =>
        new(tools, await skills.LoadAsync(session, cancellationToken));

    /// <summary>What a call reserves: its prompt as estimated, and the longest answer that is reckoned with.</summary>
    public TokenUsage ReservationFor(IReadOnlyList<ChatMessage> messages) =>
        new(TokenEstimator.Estimate(messages), modelOptions.Value.ReservedOutputTokens, Estimated: true);
}
