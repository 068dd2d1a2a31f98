using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Workspaces.Tools;

/// <summary>What the file tools have in common.</summary>
internal static class FileTools
{
    /// <summary>The workspace of the session's tenant.</summary>
    public static IWorkspaceGrain Workspace(this ToolCallContext context, IGrainFactory grains) =>
        grains.GetWorkspace(new WorkspaceKey(context.Session.Tenant));

    /// <summary>A file that a turn wrote, for its client.</summary>
    public static TurnAction Wrote(FileWritten written) =>
        ToolActions.Of(written.Created ? ToolActions.FileCreated : ToolActions.FileModified, "path", written.File!.Path);
}
