using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenClaw.Testing.Http;

/// <summary>A client of the HTTP API that adds a key and speaks JSON, and hides nothing of what the server answers.</summary>
public sealed class ApiClient : IDisposable
{
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient _http;
    private readonly string? _apiKey;

    public ApiClient(Uri baseAddress, string? apiKey)
    {
        _http = new HttpClient { BaseAddress = baseAddress, Timeout = TimeSpan.FromSeconds(100) };
        _apiKey = apiKey;
    }

    public Task<ApiResponse> GetAsync(string path, CancellationToken cancellationToken, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, cancellationToken, headers);

    public Task<ApiResponse> DeleteAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, path, null, cancellationToken);

    /// <summary>Posts the body as JSON; a string is taken as it stands.</summary>
    public Task<ApiResponse> PostAsync(
        string path, object? body, CancellationToken cancellationToken, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, Json(body), cancellationToken, headers);

    public Task<ApiResponse> PutAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, path, Json(body), cancellationToken);

    public Task<ApiResponse> PatchAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, path, Json(body), cancellationToken);

    /// <summary>Any request, read to its end.</summary>
    public async Task<ApiResponse> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, content, headers);
        var response = await _http.SendAsync(request, cancellationToken);
        return new ApiResponse(response, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Returns as soon as the headers are there.</summary>
    public async Task<ApiStream> OpenStreamAsync(
        HttpMethod method, string path, object? body, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, Json(body), headers);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await ApiStream.OpenAsync(response, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static StringContent? Json(object? body) => body switch
    {
        null => null,
        string text => new StringContent(text, Encoding.UTF8, "application/json"),
        _ => new StringContent(JsonSerializer.Serialize(body, Unescaped), Encoding.UTF8, "application/json"),
    };

    private HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        if (_apiKey is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {_apiKey}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
