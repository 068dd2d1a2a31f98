using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Skills;

namespace OpenClaw.Grains.Commands;

/// <inheritdoc cref="ICommandGrain"/>
[GrainType("command")]
internal sealed partial class CommandGrain(
    TenantPrograms programs,
    TenantSkills skills,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<CommandGrain> logger) : Grain, ICommandGrain
{
    /// <summary>How long what a command wrote can be read after its end.</summary>
    private static readonly TimeSpan KeptTime = TimeSpan.FromMinutes(10);

    /// <summary>How long a caller may take to read the end.</summary>
    private static readonly TimeSpan LastReadTime = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ReadPatience = TimeSpan.FromMilliseconds(500);

    private RunningCommand? _command;
    private CommandReader? _reader;
    private bool _starting;
    private bool _killed;

    private CommandKey Key => CommandKey.Parse(this.GetPrimaryKeyString());

    private IWorkspaceGrain Workspace => GrainFactory.GetWorkspace(new WorkspaceKey(Key.Tenant));

    public async Task<Problem?> Start(StartCommand command, CancellationToken cancellationToken)
    {
        if (_starting) return Problem.Conflict(CommandReasons.Known);
        _starting = true;
        if (FindProblem(command) is { } invalid) return invalid;
        if (await programs.FindProblemAsync(cancellationToken) is { } problem) return problem;
        var directory = await Workspace.Find(command.Directory, cancellationToken);
        if (directory.Problem is { Status: < 500 } unfound)
            return Problem.Invalid("cwd", unfound.Status == 404 ? CommandReasons.NoDirectory : unfound.Reason!);
        if (directory.Problem is { } failed) return failed;
        if (!directory.Entry!.IsDirectory) return Problem.Invalid("cwd", CommandReasons.NoDirectory);

        var timeout = TimeSpan.FromMilliseconds(command.Timeout);
        _reader = new CommandReader(time, command.Background);
        var sandboxed = new SandboxCommand(Key.Tenant, ["/bin/bash", "-c", command.Command], directory.Entry.Path, timeout)
        {
            Mounts = command.SeesSkills ? await skills.MountsAsync(Key.Tenant, cancellationToken) : [],
        };
        var (program, refused) = await programs.StartAsync(Key.CommandId, sandboxed, _reader, command.Background, takesOutput: false, cancellationToken);
        if (program is null) return refused;
        _command = program.Running;
        if (_killed) _command.Kill(CommandKills.Cancelled);
        DelayDeactivation(timeout + KeptTime);
        _ = FinishAsync(program, command.Background);
        return null;
    }

    public async Task<CommandOutput?> Read(int after, CancellationToken cancellationToken)
    {
        if (_command is not { } command) return null;
        using var reading = _reader!.Begin();
        var output = await command.ReadAsync(Math.Max(0, after), ReadPatience);
        if (output.Exit is not null) _reader.SeesEnd();
        return output;
    }

    public async Task<bool> Kill(CancellationToken cancellationToken)
    {
        if (_command is not { } command)
        {
            // One that is being started is killed when it is.
            _killed = _starting;
            return _starting;
        }

        command.Kill(CommandKills.Cancelled);
        await command.Ended;
        return true;
    }

    public Task Forget()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_command is null) return;
        _command.Kill(CommandKills.Cancelled);
        await _command.Ended;
    }

    /// <summary>Sees that it dies with the silo, and keeps what it wrote for whoever still reads.</summary>
    private async Task FinishAsync(TenantProgram program, bool background)
    {
        using var stopping = lifetime.ApplicationStopping.Register(() => program.Running.Kill(CommandKills.Cancelled));
        var exit = await program.Running.Ended;
        LogEnded(Key.Tenant.Value, exit.ExitCode, exit.Killed ?? (exit.TimedOut ? "timeout" : "no"), exit.DurationMilliseconds);
        await program.Left;

        // What a caller has read goes at once; what was left in the background is kept for a while, and no more of it than the
        // workspace allows.
        await (background ? Task.Delay(KeptTime, time) : Task.WhenAny(_reader!.SeenEnd, Task.Delay(LastReadTime, time)));
        DeactivateOnIdle();
    }

    private static Problem? FindProblem(StartCommand command) =>
        string.IsNullOrWhiteSpace(command.Command) ? Problem.Invalid("command", Reasons.Empty)
        : command.Command.Contains('\0') ? Problem.Invalid("command", Reasons.NulCharacter)
        : Encoding.UTF8.GetByteCount(command.Command) > StartCommand.MaxCommandBytes ? Problem.Invalid("command", CommandReasons.TooLong)
        : command.Timeout is < 1 or > StartCommand.MaxTimeout ? Problem.Invalid("timeout", CommandReasons.Timeout)
        : null;

    [LoggerMessage(6101, LogLevel.Information, "A command of the tenant {Tenant} ended with {ExitCode} (killed: {Killed}) after {Milliseconds} ms")]
    private partial void LogEnded(string tenant, int exitCode, string killed, long milliseconds);
}
