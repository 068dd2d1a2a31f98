using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Commands;

namespace OpenClaw.Grains.Tasks.Actions;

/// <summary>Runs a shell command, which has the attempt's id.</summary>
internal sealed class CommandTaskRunner(IGrainFactory grains, AttemptStart starts, TimeProvider time) : ITaskActionRunner
{
    /// <summary>Of each stream, in bytes of UTF-8, in the record of the run.</summary>
    private const int MaxOutput = 16 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public TaskActionType Type => TaskActionType.Command;

    public async Task<TaskOutcome> RunAsync(TaskAttempt attempt, bool goesOn, Action begun, CancellationToken cancellationToken)
    {
        var command = CommandOf(attempt);
        if (!goesOn)
        {
            var isRefused = false;
            var problem = await starts.RunAsync(
                async () =>
                {
                    var refused = await command.Start(
                        new StartCommand
                        {
                            Command = attempt.Action.Command!,
                            Directory = attempt.Action.Directory ?? "/",
                            Timeout = (int)Math.Min(attempt.Time.TotalMilliseconds, StartCommand.MaxTimeout),
                            // Whoever reads it may have to be replaced by another.
                            Background = true,
                            SeesSkills = true,
                        },
                        CancellationToken.None);
                    if (refused is null) return null;
                    // A try before it was refused, and its activation has not left yet.
                    if (isRefused && refused.Reason == CommandReasons.Known) refused = Problem.Internal(503, CommandReasons.Known);
                    isRefused = true;
                    if (refused.Reason != CommandReasons.Known) await command.Forget();
                    return refused;
                },
                begun,
                cancellationToken);
            if (problem is not null) return TaskOutcome.Refused(problem);
        }

        begun();
        return await FollowAsync(command, attempt, cancellationToken);
    }

    public async Task CancelAsync(TaskAttempt attempt)
    {
        var command = CommandOf(attempt);
        await command.Kill(CancellationToken.None);
        await command.Forget();
    }

    private ICommandGrain CommandOf(TaskAttempt attempt) => grains.GetCommand(new CommandKey(attempt.Tenant, attempt.Id));

    private async Task<TaskOutcome> FollowAsync(ICommandGrain command, TaskAttempt attempt, CancellationToken cancellationToken)
    {
        var (output, errors) = (new BoundedText(MaxOutput), new BoundedText(MaxOutput));
        for (var after = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (await command.Read(after, cancellationToken) is not { } read) return TaskOutcome.Interrupted(mayRepeat: false);
                foreach (var piece in read.Pieces) (piece.IsError ? errors : output).Append(piece.Text);
                after = read.Through;
                if (read.Exit is not { } exit) continue;
                await command.Forget();
                return OutcomeOf(exit, output, errors, attempt);
            }
            catch (Exception failure) when (failure is TimeoutException or OrleansException)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

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
            { TimedOut: true } => TaskOutcome.TimedOut((int)Math.Min(attempt.Time.TotalMilliseconds, StartCommand.MaxTimeout), result),
            // Nobody here wanted that: its silo stops.
            { Killed: CommandKills.Cancelled } => TaskOutcome.Interrupted(mayRepeat: false) with { Result = result },
            { Killed: { } why } => TaskOutcome.Failure(TaskReasons.Killed(why), result),
            { ExitCode: 0 } => TaskOutcome.Success(result),
            _ => TaskOutcome.Failure(TaskReasons.ExitCode(exit.ExitCode), result),
        };
    }
}
