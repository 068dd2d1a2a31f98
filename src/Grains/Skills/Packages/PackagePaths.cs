using System.Buffers;
using System.Text;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>The paths of one package: each stays inside, means the same on every file system, and is there once.</summary>
internal sealed class PackagePaths
{
    private const int MaxPathBytes = 1024;
    private const int MaxNameBytes = 255;
    private const int MaxDepth = 32;
    private const int MaxTold = 200;

    /// <summary>What no file system of Windows takes in a name.</summary>
    private static readonly SearchValues<char> Refused = SearchValues.Create("<>:\"|?*\\");

    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).Select(n => $"COM{n}"), .. Enumerable.Range(1, 9).Select(n => $"LPT{n}")], StringComparer.OrdinalIgnoreCase);

    /// <summary>As they were written, by themselves without case; whether a directory.</summary>
    private readonly Dictionary<string, (string Written, bool IsDirectory)> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a path in, relative and with slashes.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public SkillPackageError? Add(string path, bool isDirectory)
    {
        if (Check(path) is { } reason) return new SkillPackageError(Shorten(path), null, reason);
        for (var at = path.IndexOf('/', StringComparison.Ordinal); at > 0; at = path.IndexOf('/', at + 1))
        {
            if (!Take(path[..at], true)) return new SkillPackageError(Shorten(path), null, Twice);
        }

        return Take(path, isDirectory) ? null : new SkillPackageError(Shorten(path), null, Twice);
    }

    /// <summary>A path as it may be told.</summary>
    public static string Shorten(string path) => WholeCharacters.Of(string.Concat(path.Select(c => char.IsControl(c) ? '?' : c)), MaxTold);

    private static LocalizedText Twice { get; } = new(
        "is there twice, or differs from another path by upper and lower case alone; rename one", "路径重复,或仅大小写不同,请重命名其中之一");

    private bool Take(string path, bool isDirectory)
    {
        if (!_known.TryGetValue(path, out var known))
        {
            _known[path] = (path, isDirectory);
            return true;
        }

        return known.IsDirectory && isDirectory && known.Written == path;
    }

    private static LocalizedText? Check(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
            return new LocalizedText($"must not be longer than {MaxPathBytes} bytes", $"路径长度不能超过 {MaxPathBytes} 字节");
        var names = path.Split('/');
        if (names.Length > MaxDepth) return new LocalizedText($"must not be nested more than {MaxDepth} deep", $"目录嵌套不能超过 {MaxDepth} 层");
        foreach (var name in names)
        {
            if (name is "" or "." or "..") return new LocalizedText("must stay inside the skill's folder, without empty names, . and ..", "路径必须位于技能文件夹内,不能包含空名称、. 或 ..");
            if (Encoding.UTF8.GetByteCount(name) > MaxNameBytes) return new LocalizedText($"must not have a name longer than {MaxNameBytes} bytes", $"名称长度不能超过 {MaxNameBytes} 字节");
            if (name.Any(char.IsControl) || !UnicodeCheck.IsText(name) || name.AsSpan().ContainsAny(Refused) || name[^1] is '.' or ' ')
                return new LocalizedText("must not hold control characters or any of < > : \" | ? * \\, or end in a dot or space", "名称不能包含控制字符或 < > : \" | ? * \\,也不能以点或空格结尾");
            if (Devices.Contains(name.Split('.')[0])) return new LocalizedText("must not be named like a device of Windows (CON, NUL, COM1, ...)", "不能使用 Windows 设备名(CON、NUL、COM1 等)");
        }

        return null;
    }
}
