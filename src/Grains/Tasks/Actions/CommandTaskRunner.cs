using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Commands;

namespace OpenClaw.Grains.Tasks.Actions;

/// <summary>Runs a shell command, which has the attempt's id.</summary>
internal sealed class CommandTaskRunner(IGrainFactory grains, AttemptCalls calls) : ITaskActionRunner
{
    /// <summary>Of each stream, in bytes of UTF-8, in the record of the run.</summary>
    private const int MaxOutput = 16 * 1024;

    public TaskActionType Type => TaskActionType.Command;

    public async Task<TaskOutcome> RunAsync(TaskAttempt attempt, bool goesOn, Action begun, CancellationToken cancellationToken)
    {
        var command = CommandOf(attempt);
        if (!goesOn)
        {
            var problem = await calls.StartAsync(
                async () =>
                {
                    var refused = await command.Start(
                        new StartCommand
                        {
                            Command = attempt.Action.Command!,
                            Directory = attempt.Action.Directory ?? "/",
                            Timeout = TimeoutOf(attempt),
                            // Whoever reads it may have to be replaced by another.
                            Background = true,
                            SeesSkills = true,
                        },
                        CancellationToken.None);
                    if (refused is not null && refused.Reason != CommandReasons.Known) await command.Forget();
                    return refused;
                },
                CommandReasons.Known,
                begun,
                cancellationToken);
            if (problem is not null) return TaskOutcome.Refused(problem);
        }

        begun();
        var (output, errors, after) = (new BoundedText(MaxOutput), new BoundedText(MaxOutput), 0);
        return await calls.FollowAsync(LookAsync, cancellationToken);

        async Task<TaskOutcome?> LookAsync()
        {
            if (await command.Read(after, cancellationToken) is not { } read) return TaskOutcome.Interrupted(mayRepeat: false);
            foreach (var piece in read.Pieces) (piece.IsError ? errors : output).Append(piece.Text);
            after = read.Through;
            if (read.Exit is not { } exit) return null;
            await command.Forget();
            return OutcomeOf(exit, output, errors, attempt);
        }
    }

    public async Task CancelAsync(TaskAttempt attempt)
    {
        var command = CommandOf(attempt);
        await command.Kill(CancellationToken.None);
        await command.Forget();
    }

    private ICommandGrain CommandOf(TaskAttempt attempt) => grains.GetCommand(new CommandKey(attempt.Tenant, attempt.Id));

    private static TaskOutcome OutcomeOf(CommandExit exit, BoundedText output, BoundedText errors, TaskAttempt attempt)
    {
        var result = CompactJson.WriteObject(json =>
        {
            json.WriteString("stdout", output.ToString());
            json.WriteString("stderr", errors.ToString());
            json.WriteNumber("exitCode", exit.ExitCode);
            json.WriteBoolean("truncated", exit.Truncated || output.IsCut || errors.IsCut);
        });
        return exit switch
        {
            { TimedOut: true } => TaskOutcome.TimedOut(TimeoutOf(attempt), result),
            // Nobody here wanted that: its silo stops.
            { Killed: CommandKills.Cancelled } => TaskOutcome.Interrupted(mayRepeat: false) with { Result = result },
            { Killed: { } why } => TaskOutcome.Failure(TaskReasons.Killed(why), result),
            { ExitCode: 0 } => TaskOutcome.Success(result),
            _ => TaskOutcome.Failure(TaskReasons.ExitCode(exit.ExitCode), result),
        };
    }

    /// <summary>In milliseconds; a command's own limit may be the shorter one.</summary>
    private static int TimeoutOf(TaskAttempt attempt) => (int)Math.Min(attempt.Time.TotalMilliseconds, StartCommand.MaxTimeout);
}
