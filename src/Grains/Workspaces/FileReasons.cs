using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Grains.Workspaces;

/// <summary>What callers of the workspace are asked to change.</summary>
internal static class FileReasons
{
    public static LocalizedText Pattern { get; } = new(
        $"must be a glob such as *.md or src/**/*.cs: at most {SearchFiles.MaxPatternLength} characters and {GlobPattern.MaxNames - 1} names, none of them empty",
        $"必须是 glob 模式,例如 *.md 或 src/**/*.cs:最多 {SearchFiles.MaxPatternLength} 个字符、{GlobPattern.MaxNames - 1} 级,且每级不能为空");

    public static LocalizedText CommandsRunning(int most) => new(
        $"{most} commands of the tenant run already; wait until one ends, or the operator raises concurrentCommands",
        $"租户已有 {most} 个命令在运行,请等待其中一个结束,或请管理员提高 concurrentCommands");

    public static LocalizedText Of(WorkspacePathFault fault) => fault switch
    {
        WorkspacePathFault.NotAbsolute => Reasons.AbsolutePath,
        WorkspacePathFault.TooLong => new(
            $"must not be longer than {WorkspacePath.MaxBytes} bytes of UTF-8", $"长度不能超过 {WorkspacePath.MaxBytes} 字节(UTF-8)"),
        WorkspacePathFault.NameTooLong => new(
            $"no name in it may be longer than {WorkspacePath.MaxNameBytes} bytes of UTF-8", $"路径中的每个名称不能超过 {WorkspacePath.MaxNameBytes} 字节(UTF-8)"),
        WorkspacePathFault.TooDeep => new(
            $"must not have more than {WorkspacePath.MaxDepth} levels", $"路径不能超过 {WorkspacePath.MaxDepth} 级"),
        WorkspacePathFault.Nul => Reasons.NulCharacter,
        WorkspacePathFault.NotUnicode => new("must be valid Unicode text", "必须是有效的 Unicode 文本"),
        WorkspacePathFault.EmptyName => new("must not have two slashes in a row", "不能包含连续的斜杠"),
        _ => new("must not hold the names . or ..; write the path without them", "不能包含 . 或 ..,请写出完整路径"),
    };

    /// <summary>The problem of an operation that was not done.</summary>
    /// <param name="error">Why.</param>
    /// <param name="field">The caller's name for the path.</param>
    public static Problem Of(WorkspaceError error, string field) => error switch
    {
        WorkspaceError.NotFound => Problem.NotFound(field, new(
            "there is nothing at this path; list its directory to see what there is", "该路径不存在,可列出其所在目录查看")),
        WorkspaceError.IsDirectory => Problem.Invalid(field, new("is a directory, not a file", "是目录,而不是文件")),
        WorkspaceError.NotDirectory => Problem.Invalid(field, new(
            "it, or a part of it, is a file where a directory is needed", "该路径或其中一级是文件,而此处需要目录")),
        WorkspaceError.NotFile => Problem.Invalid(field, new(
            "is neither a file nor a directory (a pipe, socket or device)", "既不是文件也不是目录(而是管道、套接字或设备)")),
        WorkspaceError.Link => Problem.Invalid(field, new(
            "leads through a symbolic link; name the file itself", "路径经过符号链接,请使用文件本身的路径")),
        WorkspaceError.HardLink => Problem.Invalid(field, new(
            "is a file with several names (a hard link); copy it to use it", "该文件有多个名称(硬链接),请复制后再使用")),
        WorkspaceError.Exists => Problem.Conflict(new(
            "there is something at this path already; choose another or delete it first", "该路径已存在内容,请换一个路径或先删除"), field),
        WorkspaceError.NotEmpty => Problem.Conflict(new(
            "the directory is not empty; set recursive=true to delete all that is in it", "目录不为空,如需连同内容一起删除,请设置 recursive=true"), field),
        WorkspaceError.IsRoot => Problem.Invalid(field, new(
            "the workspace itself can be neither moved nor deleted; name something in it", "不能移动或删除工作区本身,请指定其中的内容")),
        WorkspaceError.IntoItself => Problem.Invalid(field, new(
            "a directory cannot be moved into itself", "目录不能移动到其自身之内")),
        WorkspaceError.NameTooLong => Problem.Invalid(field, Of(WorkspacePathFault.NameTooLong)),
        WorkspaceError.Changed => Problem.Conflict(new(
            "the file is not the one with this etag (it was changed, or is gone); read it again", "文件与该 etag 不符(已被修改或删除),请重新读取"), "ifMatch"),
        WorkspaceError.TooLarge => Problem.Invalid(field, new(
            "the file is larger than 10 MiB; read it in pieces with offset and length, or as it is with raw=true",
            "文件超过 10 MiB,请使用 offset 和 length 分段读取,或使用 raw=true 直接下载"), 413),
        WorkspaceError.OverBytes => Problem.Invalid(field, new(
            "does not fit the tenant's storage; delete files, or the operator raises storageBytes", "超出租户的存储配额,请删除文件,或请管理员提高 storageBytes"), 413),
        WorkspaceError.OverEntries => Problem.Invalid(field, new(
            "the workspace holds as many files and directories as it may; delete some", "工作区的文件和目录数量已达上限,请删除一部分"), 413),
        WorkspaceError.AccessDenied => Problem.Conflict(new(
            "the file's or directory's own mode forbids it; change it with a command (chmod)", "文件或目录自身的权限不允许,请用命令(chmod)修改"), field),
        WorkspaceError.NoSpace => Problem.Internal(503, new("the server's disk is full; try again later", "服务器磁盘已满,请稍后重试"), 60),
        _ => Problem.Internal(500, Reasons.Unexpected),
    };
}
