using System.Globalization;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>What is wrong with archives and folders.</summary>
internal static class PackageReasons
{
    public static LocalizedText NotAnArchive { get; } = new("is not a zip archive that can be read; make it anew", "不是可读取的 zip 压缩包,请重新制作");

    public static LocalizedText Encrypted { get; } = new("is encrypted; pack it without a password", "已加密,请不要使用密码打包");

    public static LocalizedText Damaged { get; } = new("is damaged: its content has not the checksum that the archive says; make it anew", "内容与压缩包中的校验和不符,请重新制作");

    public static LocalizedText NotRegular { get; } = new("is a link or a special file; pack what it leads to", "是链接或特殊文件,请打包其指向的内容");

    public static LocalizedText HardLink { get; } = new("has several names (hard links); copy it", "存在多个硬链接,请复制后再安装");

    public static LocalizedText Unreadable { get; } = new("cannot be read; it may have been changed meanwhile", "无法读取,可能已被更改");

    public static LocalizedText TooManyFiles(int most) => new(
        string.Create(CultureInfo.InvariantCulture, $"there are more than {most} files; leave out what the skill does not need"),
        string.Create(CultureInfo.InvariantCulture, $"文件超过 {most} 个,请去掉技能不需要的文件"));

    public static LocalizedText TooManyBytes(long most) => new(
        string.Create(CultureInfo.InvariantCulture, $"the files have more than {most >> 20} MiB; leave out what the skill does not need"),
        string.Create(CultureInfo.InvariantCulture, $"文件总大小超过 {most >> 20} MiB,请去掉技能不需要的文件"));
}
