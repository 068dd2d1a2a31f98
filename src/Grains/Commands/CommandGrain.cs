using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Tenants;
using OpenClaw.Grains.Workspaces;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Grains.Commands;

/// <inheritdoc cref="ICommandGrain"/>
[GrainType("command")]
internal sealed partial class CommandGrain(
    ISandbox sandbox,
    WorkspaceStore workspaces,
    TenantLimitsCache limits,
    FullWorkspaces full,
    IOptions<CommandOptions> options,
    IOptions<WorkspaceOptions> workspaceOptions,
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
        if (await sandbox.FindProblemAsync(cancellationToken) is { } problem) return problem;
        var directory = await Workspace.Find(command.Directory, cancellationToken);
        if (directory.Problem is { Status: < 500 } unfound)
            return Problem.Invalid("cwd", unfound.Status == 404 ? CommandReasons.NoDirectory : unfound.Reason!);
        if (directory.Problem is { } failed) return failed;
        if (!directory.Entry!.IsDirectory) return Problem.Invalid("cwd", CommandReasons.NoDirectory);

        var timeout = TimeSpan.FromMilliseconds(command.Timeout);
        if (await Workspace.EnterCommand(Key.CommandId, timeout + TimeSpan.FromMinutes(1), cancellationToken) is { } busy) return busy;
        CommandWatch watching;
        try
        {
            _reader = new CommandReader(time, command.Background);
            var most = await limits.GetAsync(Key.Tenant);
            var tree = workspaces.Open(Key.Tenant);
            var isFull = await full.IsFullAsync(Key.Tenant, tree, most);
            watching = new CommandWatch(Key.Tenant, tree, most, options.Value, workspaceOptions.Value, _reader, full, time);
            var process = await sandbox.StartAsync(
                new SandboxCommand(Key.Tenant, command.Command, directory.Entry.Path, timeout, MayWrite: !isFull), cancellationToken);
            _reader.Start();
            _command = new RunningCommand(process, timeout, watching.FindExcess, isFull ? CommandKills.Storage : null, time);
            if (_killed) _command.Kill(CommandKills.Cancelled);
        }
        catch
        {
            await LeaveAsync(background: false);
            throw;
        }

        DelayDeactivation(timeout + KeptTime);
        _ = FinishAsync(_command, command.Background);
        _ = watching.NoteAsync(_command.Ended);
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

    /// <summary>Gives the slot back once the command is dead, and sees that it dies with the silo.</summary>
    private async Task FinishAsync(RunningCommand command, bool background)
    {
        using var stopping = lifetime.ApplicationStopping.Register(() => command.Kill(CommandKills.Cancelled));
        try
        {
            var exit = await command.Ended;
            LogEnded(Key.Tenant.Value, exit.ExitCode, exit.Killed ?? (exit.TimedOut ? "timeout" : "no"), exit.DurationMilliseconds);
        }
        finally
        {
            await LeaveAsync(background);
        }

        // What a caller has read goes at once; what was left in the background is kept for a while, and no more of it than the
        // workspace allows.
        await (background ? Task.Delay(KeptTime, time) : Task.WhenAny(_reader!.SeenEnd, Task.Delay(LastReadTime, time)));
        DeactivateOnIdle();
    }

    private async Task LeaveAsync(bool background)
    {
        try
        {
            await Workspace.LeaveCommand(Key.CommandId, background);
        }
        catch (Exception failure) when (failure is TimeoutException or OrleansException)
        {
            // The slot comes back by itself with its lifetime's end.
            LogNotLeft(failure, Key.Tenant.Value);
        }
    }

    private static Problem? FindProblem(StartCommand command) =>
        string.IsNullOrWhiteSpace(command.Command) ? Problem.Invalid("command", Reasons.Empty)
        : command.Command.Contains('\0') ? Problem.Invalid("command", Reasons.NulCharacter)
        : Encoding.UTF8.GetByteCount(command.Command) > StartCommand.MaxCommandBytes ? Problem.Invalid("command", CommandReasons.TooLong)
        : command.Timeout is < 1 or > StartCommand.MaxTimeout ? Problem.Invalid("timeout", CommandReasons.Timeout)
        : null;

    [LoggerMessage(6101, LogLevel.Information, "A command of the tenant {Tenant} ended with {ExitCode} (killed: {Killed}) after {Milliseconds} ms")]
    private partial void LogEnded(string tenant, int exitCode, string killed, long milliseconds);

    [LoggerMessage(6102, LogLevel.Warning, "A command of the tenant {Tenant} could not give its slot back; the slot returns when its time is over")]
    private partial void LogNotLeft(Exception exception, string tenant);
}
