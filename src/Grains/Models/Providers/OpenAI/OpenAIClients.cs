using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;

namespace OpenClaw.Grains.Models.Providers.OpenAI;

/// <summary>The SDK's client, for OpenAI and every server that speaks like it.</summary>
internal static class OpenAIClients
{
    private const string DefaultAddress = "https://api.openai.com/v1";

    /// <summary>Sent to servers that were configured without a key; the SDK insists on one.</summary>
    private const string PlaceholderKey = "unused";

    /// <param name="address">Null is OpenAI's own; <c>/v1</c> is added to one without a path.</param>
    /// <param name="key">Null for a server that needs none.</param>
    /// <param name="http">The connections; see <see cref="ProviderHttp"/>.</param>
    public static OpenAIClient Create(string? address, string? key, HttpClient http) => new(new ApiKeyCredential(key ?? PlaceholderKey), new OpenAIClientOptions
    {
        Endpoint = EndpointOf(address ?? DefaultAddress),
        Transport = new HttpClientPipelineTransport(http),
        // Retries, time-outs, traces and logs are the caller's own.
        RetryPolicy = new ClientRetryPolicy(0),
        NetworkTimeout = Timeout.InfiniteTimeSpan,
        EnableDistributedTracing = false,
        ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
    });

    private static Uri EndpointOf(string configured)
    {
        var address = new Uri(configured.TrimEnd('/'));
        return address.AbsolutePath == "/" ? new Uri(address, "/v1") : address;
    }
}
