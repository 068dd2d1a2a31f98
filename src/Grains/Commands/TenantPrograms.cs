using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Scheduling;
using OpenClaw.Grains.Tenants;
using OpenClaw.Grains.Workspaces;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Grains.Commands;

/// <summary>
/// Starts programs of tenants within what these may: a slot of the tenant's commands, no file where the workspace is full, and a
/// watch over what the system does not bound by itself. The slot comes back with the program's death.
/// </summary>
internal sealed partial class TenantPrograms(
    ISandbox sandbox,
    WorkspaceStore workspaces,
    TenantLimitsCache limits,
    FullWorkspaces full,
    IGrainFactory grains,
    IOptions<CommandOptions> options,
    IOptions<WorkspaceOptions> workspaceOptions,
    TimeProvider time,
    ILogger<TenantPrograms> logger)
{
    /// <summary>A slot outlives its program's time by so much: whoever holds it may be busy.</summary>
    private static readonly TimeSpan SlotMargin = TimeSpan.FromMinutes(1);

    /// <summary>Why programs cannot be run here, or null.</summary>
    public Task<Problem?> FindProblemAsync(CancellationToken cancellationToken) => sandbox.FindProblemAsync(cancellationToken);

    /// <param name="id">Names the slot.</param>
    /// <param name="command">The program.</param>
    /// <param name="reader">Whether somebody still wants it.</param>
    /// <param name="background">It is remembered among the tenant's commands in the background.</param>
    /// <param name="takesOutput">Its output is left to the caller, who reads <see cref="ISandboxProcess.Output"/> to its end.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    public async Task<(TenantProgram? Program, Problem? Problem)> StartAsync(
        string id, SandboxCommand command, CommandReader reader, bool background, bool takesOutput, CancellationToken cancellationToken)
    {
        var workspace = grains.GetWorkspace(new WorkspaceKey(command.Tenant));
        if (await workspace.EnterCommand(id, command.Time + SlotMargin, cancellationToken) is { } busy) return (null, busy);
        var left = false;
        try
        {
            var most = await limits.GetAsync(command.Tenant);
            var tree = workspaces.Open(command.Tenant);
            var isFull = await full.IsFullAsync(command.Tenant, tree, most);
            var watch = new CommandWatch(command.Tenant, tree, most, options.Value, workspaceOptions.Value, reader, full, time);
            var process = await sandbox.StartAsync(command with { MayWrite = !isFull }, cancellationToken);
            reader.Start();
            var running = new RunningCommand(process, command.Time, watch.FindExcess, isFull ? CommandKills.Storage : null, time, takesOutput);
            left = true;
            var gone = LeaveAfterAsync(running, workspace, id, background);
            _ = watch.NoteAsync(running.Ended);
            return (new TenantProgram(process, running, gone), null);
        }
        finally
        {
            if (!left) await LeaveAsync(workspace, id, background: false);
        }
    }

    private async Task LeaveAfterAsync(RunningCommand running, IWorkspaceGrain workspace, string id, bool background)
    {
        try
        {
            await running.Ended;
        }
        finally
        {
            await LeaveAsync(workspace, id, background);
        }
    }

    private async Task LeaveAsync(IWorkspaceGrain workspace, string id, bool background)
    {
        try
        {
            await workspace.LeaveCommand(id, background);
        }
        catch (Exception failure) when (LostCalls.IsLost(failure, CancellationToken.None))
        {
            // The slot comes back by itself with its lifetime's end.
            LogNotLeft(failure, WorkspaceKey.Parse(workspace.GetPrimaryKeyString()).Tenant.Value);
        }
    }

    [LoggerMessage(6102, LogLevel.Warning, "A command of the tenant {Tenant} could not give its slot back; the slot returns when its time is over")]
    private partial void LogNotLeft(Exception exception, string tenant);
}

/// <summary>A program of a tenant's that was started.</summary>
/// <param name="Process">Its input, and its output where the caller reads it.</param>
/// <param name="Running">What it writes, and its end.</param>
/// <param name="Left">Completes when its slot is given back.</param>
internal sealed record TenantProgram(ISandboxProcess Process, RunningCommand Running, Task Left);
