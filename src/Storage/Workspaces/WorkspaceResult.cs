namespace OpenClaw.Storage.Workspaces;

/// <summary>A value, or why there is none.</summary>
public readonly record struct WorkspaceResult<T>(T? Value, WorkspaceError Error)
{
    public bool IsSuccess => Error is WorkspaceError.None;

    public static implicit operator WorkspaceResult<T>(T value) => new(value, WorkspaceError.None);

    public static implicit operator WorkspaceResult<T>(WorkspaceError error) => new(default, error);
}
