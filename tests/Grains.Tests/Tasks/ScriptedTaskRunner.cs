using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Tasks.Actions;

namespace OpenClaw.Grains.Tests.Tasks;

/// <summary>Stands for the execution of skills: the test says how each attempt ends.</summary>
internal sealed class ScriptedTaskRunner : ITaskActionRunner
{
    private readonly Channel<ScriptedAttempt> _attempts = Channel.CreateUnbounded<ScriptedAttempt>();

    public TaskActionType Type => TaskActionType.Skill;

    public bool HasAttempt => _attempts.Reader.Count > 0;

    /// <summary>Takes the place of the real one.</summary>
    public void Register(IServiceCollection services)
    {
        services.Remove(services.Single(service => service.ImplementationType == typeof(SkillTaskRunner)));
        services.AddSingleton<ITaskActionRunner>(this);
    }

    /// <summary>The next attempt, as soon as it is made.</summary>
    public async Task<ScriptedAttempt> NextAsync() =>
        await _attempts.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<TaskOutcome> RunAsync(TaskAttempt attempt, bool goesOn, Action begun, CancellationToken cancellationToken)
    {
        var scripted = new ScriptedAttempt(attempt, goesOn);
        _attempts.Writer.TryWrite(scripted);
        begun();
        return await scripted.Outcome.Task.WaitAsync(cancellationToken);
    }

    public Task CancelAsync(TaskAttempt attempt) => Task.CompletedTask;
}

/// <summary>An attempt that the test ends.</summary>
internal sealed class ScriptedAttempt(TaskAttempt attempt, bool goesOn)
{
    public TaskAttempt Attempt { get; } = attempt;

    public bool GoesOn { get; } = goesOn;

    public TaskCompletionSource<TaskOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Succeed(string result = "{}") => Outcome.SetResult(TaskOutcome.Success(System.Text.Encoding.UTF8.GetBytes(result)));

    public void Fail() => Outcome.SetResult(TaskOutcome.Failure(new("it broke", "出错了")));
}
