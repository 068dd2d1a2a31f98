using System.Text.Json;

namespace OpenClaw.Testing.Http;

/// <summary>The session routes in one call each. What is not the call's purpose must have succeeded, or it throws.</summary>
public static class SessionCalls
{
    /// <summary>Creates a session and returns its id; a null body is an empty object.</summary>
    public static async Task<string> CreateSessionAsync(this ApiClient client, CancellationToken cancellationToken, object? body = null)
    {
        var response = await client.PostAsync("/api/sessions", body ?? "{}", cancellationToken);
        return Require(response, 201).Text("sessionId")!;
    }

    public static Task<ApiResponse> GetSessionAsync(this ApiClient client, string sessionId, CancellationToken cancellationToken) =>
        client.GetAsync($"/api/sessions/{sessionId}", cancellationToken);

    /// <summary>Sends a message and waits for its answer.</summary>
    public static Task<ApiResponse> SendMessageAsync(
        this ApiClient client,
        string sessionId,
        string content,
        CancellationToken cancellationToken,
        string? overlap = null,
        params (string Name, string Value)[] headers) =>
        client.PostAsync($"/api/sessions/{sessionId}/messages", Message(content, overlap), cancellationToken, headers);

    /// <summary>Sends a message and reads its answer while it is written.</summary>
    public static Task<ApiStream> StreamMessageAsync(
        this ApiClient client,
        string sessionId,
        string content,
        CancellationToken cancellationToken,
        string? overlap = null,
        params (string Name, string Value)[] headers) =>
        client.OpenStreamAsync(
            HttpMethod.Post, $"/api/sessions/{sessionId}/messages/stream", Message(content, overlap), cancellationToken, headers);

    /// <summary>Opens the session's stream after a seq; 0 replays everything.</summary>
    public static Task<ApiStream> WatchAsync(
        this ApiClient client, string sessionId, long after, CancellationToken cancellationToken) =>
        client.OpenStreamAsync(HttpMethod.Get, $"/api/sessions/{sessionId}/stream?after={after}", null, cancellationToken);

    /// <summary>Every frame of the session from the first up to the end of its n-th turn.</summary>
    public static async Task<List<StreamFrame>> ReplayAsync(
        this ApiClient client, string sessionId, int turns, CancellationToken cancellationToken)
    {
        await using var stream = await client.WatchAsync(sessionId, 0, cancellationToken);
        var ended = 0;
        return await stream.ReadUntilAsync(frame => frame.EndsTurn && ++ended == turns, cancellationToken);
    }

    /// <summary>The whole history, oldest first.</summary>
    public static async Task<List<JsonElement>> HistoryAsync(
        this ApiClient client, string sessionId, CancellationToken cancellationToken)
    {
        var messages = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var path = $"/api/sessions/{sessionId}/messages?order=asc&limit=100";
            if (cursor is not null)
                path += $"&cursor={Uri.EscapeDataString(cursor)}";
            var page = Require(await client.GetAsync(path, cancellationToken), 200).Json;
            messages.AddRange(page.GetProperty("messages").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        return messages;
    }

    /// <summary>The answer when it has the status; throws with its text when not.</summary>
    public static ApiResponse Require(ApiResponse response, int status) =>
        response.Status == status ? response : throw new InvalidDataException($"Expected {status}, got {response}");

    private static Dictionary<string, object> Message(string content, string? overlap)
    {
        var message = new Dictionary<string, object> { ["content"] = content };
        if (overlap is not null)
            message["overlap"] = overlap;
        return message;
    }
}
