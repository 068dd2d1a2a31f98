using System.IO.Compression;
using System.Text.Json;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>The files of skills that tests make.</summary>
internal static class SkillFiles
{
    private const int SymbolicLink = 0xA1FF << 16;

    /// <summary>A <c>SKILL.md</c>. The skill may be given the secrets, and does without them.</summary>
    public static string Manifest(string name, string version = "1.0.0", params string[] secrets)
    {
        var variables = secrets.Select(secret => new { name = secret, required = false });
        var json = JsonSerializer.Serialize(new { openclaw = new { envVars = variables } });
        var metadata = secrets.Length == 0 ? "" : $"metadata: {json}\n";
        return $"---\nname: {name}\ndescription: Is {name} of a test.\nversion: {version}\n{metadata}---\nDo what was asked for.\n";
    }

    /// <summary>An <c>actions.json</c>.</summary>
    public static string Actions(params object[] actions) => JsonSerializer.Serialize(new { actions });

    public static Dictionary<string, object> ActionOf(string name, object runner, int timeoutSeconds = 30, object? parameters = null)
    {
        var action = new Dictionary<string, object> { ["name"] = name, ["timeoutSeconds"] = timeoutSeconds, ["runner"] = runner };
        if (parameters is not null) action["parameters"] = parameters;
        return action;
    }

    /// <summary>A runner: a script of bash in the skill's folder.</summary>
    public static object Bash(string file) => new { type = "command", command = new[] { "bash", $"{{baseDir}}/{file}" } };

    /// <summary>A runner: a program of Python in the skill's folder.</summary>
    public static object Python(string file) => new { type = "command", command = new[] { "python3", $"{{baseDir}}/{file}" } };

    /// <summary>A runner: a GET.</summary>
    public static object Get(string url) => new { type = "http", method = "GET", url };

    public static byte[] Zip(params (string Path, string Content)[] files) => Zip(files, link: null);

    /// <summary>An archive that holds, beside the files, a symbolic link of this name to <c>/etc/passwd</c>.</summary>
    public static byte[] ZipWithLink(string link, params (string Path, string Content)[] files) => Zip(files, link);

    private static byte[] Zip((string Path, string Content)[] files, string? link)
    {
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files) Add(archive, path, content);
            if (link is not null) Add(archive, link, "/etc/passwd").ExternalAttributes = SymbolicLink;
        }

        return buffer.ToArray();
    }

    private static ZipArchiveEntry Add(ZipArchive archive, string path, string content)
    {
        var entry = archive.CreateEntry(path);
        using var writer = new StreamWriter(entry.Open());
        writer.Write(content);
        return entry;
    }
}
