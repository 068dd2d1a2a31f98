using System.Text.Encodings.Web;
using System.Text.Json;
using OpenClaw.Testing.Http;

namespace OpenClaw.Durability.Tests.Skills;

/// <summary>The skill routes in one call each. What is not the call's purpose must have succeeded, or it throws.</summary>
internal static class SkillCalls
{
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Manifest(string name, string version, string more = "") =>
        $"---\nname: {name}\ndescription: Survives.\nversion: {version}\n{more}---\nCall its action.\n";

    /// <summary>An <c>actions.json</c> with one action, a line of bash in the skill's folder.</summary>
    public static string BashAction(string action, string line) => JsonSerializer.Serialize(
        new { actions = new[] { new { name = action, timeoutSeconds = 300, runner = new { type = "command", command = new[] { "bash", "-c", line } } } } },
        Unescaped);

    public static async Task WriteAsync(this ApiClient client, string path, string content, CancellationToken cancellationToken, string encoding = "utf-8") =>
        SessionCalls.Require(await client.PostAsync("/api/files/write", new { path, content, encoding }, cancellationToken), 200);

    public static async Task<ApiResponse> InstallSkillAsync(this ApiClient client, string path, CancellationToken cancellationToken) =>
        SessionCalls.Require(await client.PostAsync("/api/skills/install", new { source = "file", path }, cancellationToken), 200);

    public static async Task<JsonElement> SkillAsync(this ApiClient client, string name, CancellationToken cancellationToken) =>
        SessionCalls.Require(await client.GetAsync($"/api/skills/{name}", cancellationToken), 200).Json;

    public static async Task<JsonElement> ExecuteAsync(this ApiClient client, string name, string action, CancellationToken cancellationToken) =>
        SessionCalls.Require(await client.PostAsync($"/api/skills/{name}/execute", new { action }, cancellationToken), 200).Json;
}
