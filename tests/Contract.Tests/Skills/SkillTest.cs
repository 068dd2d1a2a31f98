using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Skills;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>The skill routes in one call each, and skills made in the workspace. What is not the call's purpose must have succeeded, or it throws.</summary>
public abstract class SkillTest(DatabaseServers servers) : ContractTest(servers)
{
    protected const string GitHubToken = "ghp_0123456789abcdefghij";

    /// <summary>Installs and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryInstallAsync(ApiClient client, object body, params (string Name, string Value)[] headers) =>
        client.PostAsync("/api/skills/install", body, Cancellation, headers);

    protected static async Task<ApiResponse> InstallAsync(ApiClient client, object body) =>
        SessionCalls.Require(await TryInstallAsync(client, body), 200);

    /// <summary>Installs the folder <c>/skills/name</c> of the workspace, and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryInstallFolderAsync(ApiClient client, string name) =>
        TryInstallAsync(client, new { source = "file", path = $"/skills/{name}" });

    /// <summary>Writes files below the folder <c>/skills/name</c> of the workspace.</summary>
    protected static async Task WriteAsync(ApiClient client, string name, params (string Path, string Content)[] files)
    {
        foreach (var (file, content) in files)
            SessionCalls.Require(await client.PostAsync("/api/files/write", new { path = $"/skills/{name}/{file}", content }, Cancellation), 200);
    }

    /// <summary>Installs a skill from a folder that it writes: a manifest, actions if there are any, and files.</summary>
    protected static async Task<ApiResponse> MakeAsync(ApiClient client, string name, string? actions, params (string Path, string Content)[] files)
    {
        await WriteAsync(client, name, ("SKILL.md", SkillFiles.Manifest(name)));
        if (actions is not null) await WriteAsync(client, name, ("actions.json", actions));
        await WriteAsync(client, name, files);
        return SessionCalls.Require(await TryInstallFolderAsync(client, name), 200);
    }

    /// <summary>Writes an archive into the workspace, installs it, and asks nothing of the answer.</summary>
    protected static async Task<ApiResponse> TryInstallZipAsync(ApiClient client, byte[] zip)
    {
        var body = new { path = "/Downloads/skill.zip", content = Convert.ToBase64String(zip), encoding = "base64" };
        SessionCalls.Require(await client.PostAsync("/api/files/write", body, Cancellation), 200);
        return await TryInstallAsync(client, new { source = "file", path = "/Downloads/skill.zip" });
    }

    /// <summary>Executes and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryExecuteAsync(ApiClient client, string skill, object body, params (string Name, string Value)[] headers) =>
        client.PostAsync($"/api/skills/{skill}/execute", body, Cancellation, headers);

    /// <summary>Executes to an end, of whatever status.</summary>
    protected static async Task<ApiResponse> ExecuteAsync(ApiClient client, string skill, string action, object? parameters = null)
    {
        var executed = SessionCalls.Require(await TryExecuteAsync(client, skill, new { action, @params = parameters ?? new { } }), 200);
        Assert.Equal((skill, action), (executed.Text("skill"), executed.Text("action")));
        Assert.True(executed.Json.GetProperty("durationMs").GetInt64() >= 0, executed.ToString());
        Shape.Has(executed.Json, "result");
        return executed;
    }

    /// <summary>What an execution that has succeeded results in.</summary>
    protected static async Task<JsonElement> ResultAsync(ApiClient client, string skill, string action, object? parameters = null)
    {
        var executed = await ExecuteAsync(client, skill, action, parameters);
        Assert.True(executed.Text("status") == "succeeded", executed.ToString());
        return executed.Json.GetProperty("result");
    }

    /// <summary>Why an execution has not succeeded.</summary>
    protected static async Task<string> FailureAsync(ApiClient client, string skill, string action, object? parameters = null, string status = "failed")
    {
        var executed = await ExecuteAsync(client, skill, action, parameters);
        Assert.True(executed.Text("status") == status, executed.ToString());
        Assert.True(executed.Json.TryGetProperty("error", out var error), executed.ToString());
        Assert.False(string.IsNullOrWhiteSpace(error.GetString()), executed.ToString());
        return error.GetString()!;
    }

    /// <summary>Reads a skill and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryGetAsync(ApiClient client, string skill) => client.GetAsync($"/api/skills/{skill}", Cancellation);

    protected static async Task<JsonElement> SkillAsync(ApiClient client, string skill) =>
        SessionCalls.Require(await TryGetAsync(client, skill), 200).Json;

    /// <summary>The names of all skills, as they are listed.</summary>
    protected static async Task<List<string>> NamesAsync(ApiClient client) =>
        [.. SessionCalls.Require(await client.GetAsync("/api/skills", Cancellation), 200).Json.GetProperty("skills").EnumerateArray().Select(skill => skill.GetProperty("name").GetString()!)];

    /// <summary>Changes a skill and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryEnableAsync(ApiClient client, string skill, object body) => client.PatchAsync($"/api/skills/{skill}", body, Cancellation);

    protected static async Task<ApiResponse> EnableAsync(ApiClient client, string skill, bool enabled) =>
        SessionCalls.Require(await TryEnableAsync(client, skill, new { enabled }), 200);

    /// <summary>Uninstalls and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryUninstallAsync(ApiClient client, string skill) => client.DeleteAsync($"/api/skills/{skill}", Cancellation);

    protected static async Task<ApiResponse> UninstallAsync(ApiClient client, string skill) =>
        SessionCalls.Require(await TryUninstallAsync(client, skill), 200);

    /// <summary>Sets secrets by their names and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TrySetSecretsAsync(ApiClient client, string skill, object secrets) =>
        client.PutAsync($"/api/skills/{skill}/secrets", new { secrets }, Cancellation);

    protected static async Task<ApiResponse> SetSecretsAsync(ApiClient client, string skill, object secrets) =>
        SessionCalls.Require(await TrySetSecretsAsync(client, skill, secrets), 200);

    /// <summary>The names of the secrets that are set.</summary>
    protected static async Task<List<string>> SetNamesAsync(ApiClient client, string skill) =>
    [
        .. (await SkillAsync(client, skill)).GetProperty("secrets").EnumerateArray()
            .Where(secret => secret.GetProperty("set").GetBoolean())
            .Select(secret => secret.GetProperty("name").GetString()!)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A page of executions, and nothing asked of the answer.</summary>
    protected static Task<ApiResponse> TryListRunsAsync(ApiClient client, string skill, string query = "") =>
        client.GetAsync($"/api/skills/{skill}/runs{query}", Cancellation);

    /// <summary>All executions, read in pages.</summary>
    protected static async Task<List<JsonElement>> RunsAsync(ApiClient client, string skill, int limit = 50)
    {
        var runs = new List<JsonElement>();
        var more = "";
        while (true)
        {
            var page = SessionCalls.Require(await TryListRunsAsync(client, skill, $"?limit={limit}{more}"), 200);
            Assert.InRange(page.Json.GetProperty("runs").GetArrayLength(), 0, limit);
            runs.AddRange(page.Json.GetProperty("runs").EnumerateArray());
            if (page.Text("nextCursor") is not { } cursor) return runs;
            more = $"&cursor={Uri.EscapeDataString(cursor)}";
        }
    }

    /// <summary>A tenant whose skill <c>github</c> calls this double.</summary>
    protected async Task<TestTenant> NewGitHubTenantAsync(ServiceDouble github)
    {
        var tenant = await NewTenantAsync();
        await SetSecretsAsync(tenant.Client, "github", new { GITHUB_TOKEN = GitHubToken, GITHUB_API_URL = github.Address });
        return tenant;
    }

    /// <summary>Has <c>github</c> create a repository, and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryCreateRepositoryAsync(ApiClient client, string name = "my-new-repo", params (string Name, string Value)[] headers) =>
        TryExecuteAsync(client, "github", new { action = "create-repo", @params = new { name } }, headers);

    protected static async Task<string> ReadFileAsync(ApiClient client, string path) =>
        SessionCalls.Require(await client.GetAsync($"/api/files/read?path={Uri.EscapeDataString(path)}", Cancellation), 200).Text("content")!;

    /// <summary>A failure with one of these statuses, and the code that goes with it.</summary>
    protected static void IsRefused(ApiResponse response, params int[] statuses)
    {
        Assert.True(Array.IndexOf(statuses, response.Status) >= 0, $"Expected one of {string.Join(", ", statuses)}, got {response}");
        var code = response.Status switch
        {
            403 => "FORBIDDEN",
            404 => "NOT_FOUND",
            >= 500 => "INTERNAL_ERROR",
            _ => "INVALID_REQUEST",
        };
        ErrorAssert.IsError(response, response.Status, code);
    }

    /// <summary>400 on this field; the reason.</summary>
    protected static string ReasonOf(ApiResponse response, string field)
    {
        ErrorAssert.IsInvalid(response, field);
        return response.Text("error", "details", "reason")!;
    }
}
