namespace OpenClaw.Storage.Workspaces;

/// <summary>What a workspace holds, or what a change adds to it.</summary>
/// <param name="Bytes">Of all files, each as long as it says it is.</param>
/// <param name="Entries">Files, directories and whatever else has a name.</param>
public readonly record struct WorkspaceUsage(long Bytes, long Entries)
{
    public static WorkspaceUsage operator +(WorkspaceUsage left, WorkspaceUsage right) =>
        new(left.Bytes + right.Bytes, left.Entries + right.Entries);

    public static WorkspaceUsage operator -(WorkspaceUsage left, WorkspaceUsage right) =>
        new(left.Bytes - right.Bytes, left.Entries - right.Entries);
}
