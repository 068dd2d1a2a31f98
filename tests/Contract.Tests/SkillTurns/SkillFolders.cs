using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.SkillTurns;

/// <summary>Skills that tests write to the workspace and install from there.</summary>
internal static class SkillFolders
{
    /// <summary>Actions of a skill that answers its parameters.</summary>
    public const string Echo =
        """
        {"actions":[{"name":"say","description":"Says it again.",
          "parameters":{"type":"object","properties":{"text":{"type":"string","maxLength":100}},"required":["text"],"additionalProperties":false},
          "runner":{"type":"command","command":["cat"]}}]}
        """;

    public static string Manifest(string name, string description, string body, string version = "1.0.0", string more = "") =>
        $"---\nname: {name}\ndescription: {description}\nversion: {version}\n{more}---\n{body}\n";

    /// <summary>Writes the files below <c>/skills/name</c> and installs that folder.</summary>
    public static async Task<ApiResponse> InstallAsync(
        ApiClient client, string name, CancellationToken cancellationToken, params (string Path, string Content)[] files)
    {
        foreach (var (path, content) in files)
            SessionCalls.Require(await client.PostAsync("/api/files/write", new { path = $"/skills/{name}/{path}", content }, cancellationToken), 200);
        var installed = SessionCalls.Require(
            await client.PostAsync("/api/skills/install", new { source = "file", path = $"/skills/{name}" }, cancellationToken), 200);
        Assert.Equal((name, "installed"), (installed.Text("name"), installed.Text("status")));
        return installed;
    }
}
