using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Commands;

/// <summary>Why commands are refused.</summary>
public static class CommandReasons
{
    public static LocalizedText Off { get; } = new(
        "commands are switched off on this server; the operator can change OpenClaw__Commands__Sandbox", "此服务器已关闭命令执行,管理员可通过 OpenClaw__Commands__Sandbox 更改");

    public static LocalizedText NoDirectory { get; } = new(
        "is missing or not a directory of the workspace; create it or choose another", "不存在或不是工作区中的目录,请创建或更换");

    public static LocalizedText Timeout { get; } = new("must be an integer from 1 to 600000 (milliseconds)", "必须是 1 到 600000 之间的整数(毫秒)");

    public static LocalizedText TooLong { get; } = new(
        "must not be longer than 131071 bytes of UTF-8; write a script to the workspace and run it", "长度不能超过 131071 字节(UTF-8),请将脚本写入工作区后再运行");

    public static LocalizedText Known { get; } = new("a command with this id was started before", "该标识的命令已经启动过");

    /// <param name="english">What is missing, such as <c>bubblewrap is not installed</c>.</param>
    /// <param name="chinese">The same in Chinese.</param>
    public static LocalizedText Unavailable(string english, string chinese) => new(
        $"commands cannot be run on this server: {english}; everything else works", $"此服务器无法执行命令:{chinese};其他功能不受影响");
}
