using System.Text;
using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Memory;

/// <summary>The memory routes in one call each. What is not the call's purpose must have succeeded, or it throws.</summary>
public abstract class MemoryTest(DatabaseServers servers) : ContractTest(servers)
{
    /// <summary>How every time of an answer is written.</summary>
    protected const string TimePattern = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$";

    /// <summary>The path of a key that is no segment of its own (<c>.</c>, <c>..</c>, a route's name are).</summary>
    protected static string PathOf(string key) => $"/api/memory/{Uri.EscapeDataString(key)}";

    /// <summary>The address of any key.</summary>
    protected static string AddressOf(string key, string @namespace = "default") =>
        $"/api/memory?key={Uri.EscapeDataString(key)}&namespace={Uri.EscapeDataString(@namespace)}";

    /// <summary>Stores and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryStoreAsync(ApiClient client, object body, params (string Name, string Value)[] headers) =>
        client.PostAsync("/api/memory", body, Cancellation, headers);

    protected static async Task<ApiResponse> StoreAsync(ApiClient client, object body) =>
        SessionCalls.Require(await TryStoreAsync(client, body), 200);

    protected static async Task<JsonElement> EntryAsync(ApiClient client, string key, string @namespace = "default") =>
        SessionCalls.Require(await client.GetAsync(AddressOf(key, @namespace), Cancellation), 200).Json;

    /// <summary>The entry's value as the JSON that it is written in.</summary>
    protected static async Task<string> ValueAsync(ApiClient client, string key, string @namespace = "default") =>
        (await EntryAsync(client, key, @namespace)).GetProperty("value").GetRawText();

    /// <summary>Deletes and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryDeleteAsync(ApiClient client, string key, string more = "") =>
        client.DeleteAsync(AddressOf(key) + more, Cancellation);

    protected static async Task<ApiResponse> DeleteAsync(ApiClient client, string key) =>
        SessionCalls.Require(await TryDeleteAsync(client, key), 200);

    /// <summary>Undoes and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TryUndoAsync(ApiClient client, object body, params (string Name, string Value)[] headers) =>
        client.PostAsync("/api/memory/undo", body, Cancellation, headers);

    protected static async Task<ApiResponse> UndoAsync(ApiClient client, string key) =>
        SessionCalls.Require(await TryUndoAsync(client, new { key }), 200);

    /// <summary>Imports and asks nothing of the answer.</summary>
    protected static async Task<ApiResponse> TryImportAsync(ApiClient client, string lines, string @namespace = "default")
    {
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        return await client.SendAsync(HttpMethod.Post, $"/api/memory/import?namespace={@namespace}", content, Cancellation);
    }

    protected static async Task<ApiResponse> ImportAsync(ApiClient client, string lines, string @namespace = "default") =>
        SessionCalls.Require(await TryImportAsync(client, lines, @namespace), 200);

    protected static async Task<ApiResponse> ExportAsync(ApiClient client, string query = "") =>
        SessionCalls.Require(await client.GetAsync($"/api/memory/export{query}", Cancellation), 200);

    /// <summary>What a search finds; <paramref name="more"/> are further parameters, each with its ampersand.</summary>
    protected static async Task<List<JsonElement>> SearchAsync(ApiClient client, string query, string more = "") =>
        [.. SessionCalls.Require(await TrySearchAsync(client, query, more), 200).Json.GetProperty("results").EnumerateArray()];

    /// <summary>Searches and asks nothing of the answer.</summary>
    protected static Task<ApiResponse> TrySearchAsync(ApiClient client, string query, string more = "") =>
        client.GetAsync($"/api/memory/search?q={Uri.EscapeDataString(query)}{more}", Cancellation);

    protected static async Task<List<string>> FoundAsync(ApiClient client, string query, string more = "") =>
        [.. (await SearchAsync(client, query, more)).Select(KeyOf)];

    /// <summary>All pages of a list, one after the other; none has more entries than were asked for.</summary>
    protected static async Task<List<JsonElement>> ListAsync(ApiClient client, int limit = 1000, string more = "")
    {
        var entries = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var address = $"/api/memory?limit={limit}{more}" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");
            var page = SessionCalls.Require(await client.GetAsync(address, Cancellation), 200).Json;
            var before = entries.Count;
            entries.AddRange(page.GetProperty("entries").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
            Assert.True(entries.Count - before <= limit, page.GetRawText());
        }
        while (cursor is not null);

        return entries;
    }

    protected static async Task<List<string>> KeysAsync(ApiClient client, int limit = 1000, string more = "") =>
        [.. (await ListAsync(client, limit, more)).Select(KeyOf)];

    protected static string KeyOf(JsonElement entry) => entry.GetProperty("key").GetString()!;

    protected static double ScoreOf(JsonElement result) => result.GetProperty("score").GetDouble();

    protected static long VersionOf(ApiResponse response) => response.Json.GetProperty("version").GetInt64();

    protected static (string, string) IdempotencyKey(string value) => ("Idempotency-Key", value);

    /// <summary>A conflict on the version that the client expected.</summary>
    protected static void IsOtherVersion(ApiResponse response) => ErrorAssert.IsError(response, 409, "INVALID_REQUEST", "ifVersion");

    /// <summary>The two are the same JSON, however it is written.</summary>
    protected static void AreSame(string expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), actual), $"Expected {expected}, got {actual.GetRawText()}");
}
