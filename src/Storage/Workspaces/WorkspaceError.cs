namespace OpenClaw.Storage.Workspaces;

/// <summary>Why an operation on a workspace was not done. Nothing was changed.</summary>
public enum WorkspaceError
{
    None = 0,

    /// <summary>Nothing is at the path.</summary>
    NotFound,

    /// <summary>A directory is where a file was expected.</summary>
    IsDirectory,

    /// <summary>Something that is no directory is where one was expected.</summary>
    NotDirectory,

    /// <summary>A FIFO, a socket or a device.</summary>
    NotFile,

    /// <summary>The path leads through a symbolic link or out of the workspace.</summary>
    Link,

    /// <summary>The file has more than one name, of which any may lie outside.</summary>
    HardLink,

    /// <summary>Something is at the path already.</summary>
    Exists,

    /// <summary>The directory holds something.</summary>
    NotEmpty,

    /// <summary>The whole workspace cannot be moved or deleted.</summary>
    IsRoot,

    /// <summary>A directory cannot become part of itself.</summary>
    IntoItself,

    /// <summary>A name is longer than the file system takes.</summary>
    NameTooLong,

    /// <summary>The file is not the one of that ETag.</summary>
    Changed,

    /// <summary>More bytes than one answer holds.</summary>
    TooLarge,

    /// <summary>The bytes do not fit the quota.</summary>
    OverBytes,

    /// <summary>The number of files and directories does not fit the quota.</summary>
    OverEntries,

    /// <summary>The file's or directory's own mode forbids it.</summary>
    AccessDenied,

    /// <summary>The disk is full or read-only.</summary>
    NoSpace,
}
