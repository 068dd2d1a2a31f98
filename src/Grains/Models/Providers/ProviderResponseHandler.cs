using System.Net;
using OpenClaw.Grains.Http;

namespace OpenClaw.Grains.Models.Providers;

/// <summary>
/// Turns every answer that is no success into one <see cref="ProviderResponseException"/>, for all SDKs alike: they report
/// failures in ways of their own, and not all of them keep <c>Retry-After</c>.
/// </summary>
internal sealed class ProviderResponseHandler(TimeProvider time) : DelegatingHandler
{
    private const int MaxBodyBytes = 16 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var isPage = response.Content.Headers.ContentType?.MediaType is "text/html";
        if (response.StatusCode is HttpStatusCode.OK && !isPage) return response;
        using (response)
        {
            var error = isPage ? null : ProviderError.Parse(await ReadBodyAsync(response, cancellationToken));
            throw new ProviderResponseException((int)response.StatusCode, RetryAfter.Of(response, time), error);
        }
    }

    private static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxBodyBytes];
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return buffer[..length];
        }
        catch (IOException)
        {
            // The status says enough; the body only explains it.
            return [];
        }
    }
}
