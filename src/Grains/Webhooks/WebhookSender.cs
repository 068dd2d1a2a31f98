using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Egress;

namespace OpenClaw.Grains.Webhooks;

/// <summary>Sends what is signed to a receiver, which may be anybody: by the egress policy, in bounded time and memory.</summary>
internal sealed class WebhookSender : IDisposable
{
    /// <summary>Bytes of an answer that are read; the rest is cut off.</summary>
    public const int MaxAnswerBytes = 4096;

    /// <summary>Of a whole exchange: looking the name up, connecting, sending, and reading the answer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly ProductInfoHeaderValue Agent = new("OpenClaw-Webhooks", "1.0");

    private readonly EgressPolicy _policy;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public WebhookSender(EgressPolicy policy, TimeProvider time)
    {
        (_policy, _time) = (policy, time);
        var handler = EgressHttp.CreateHandler(policy);
        // Nobody waits inside HTTP for connections to a host that many webhooks name, and one of them may make hang.
        handler.MaxConnectionsPerServer = WebhookSlots.Count;
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Makes one attempt. Whatever the receiver does is an answer; only the caller's cancellation is an exception.</summary>
    /// <param name="url">The receiver's.</param>
    /// <param name="key">Signs it.</param>
    /// <param name="eventId">The event's id.</param>
    /// <param name="body">JSON.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<DeliveryAnswer> SendAsync(Uri url, byte[] key, string eventId, byte[] body, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        int? status = null;
        var read = new MemoryStream(MaxAnswerBytes);
        try
        {
            // Also where a connection is there already: the name may lead elsewhere by now.
            await _policy.ResolveAsync(url.IdnHost, both.Token);
            using var request = Make(url, key, eventId, body);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            status = (int)response.StatusCode;
            await ReadAsync(response.Content, read, both.Token);
            return new DeliveryAnswer(DeliveryAnswer.FailureOf(status.Value), status, TextOf(read));
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryAnswer(FailureOf(failure, limit.IsCancellationRequested), status, status is null ? null : TextOf(read));
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Make(Uri url, byte[] key, string eventId, byte[] body)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.UserAgent.Add(Agent);
        request.Headers.Add("webhook-id", eventId);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(key, eventId, timestamp, body));
        return request;
    }

    private static async Task ReadAsync(HttpContent content, MemoryStream read, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxAnswerBytes];
        while (read.Length < MaxAnswerBytes
            && await stream.ReadAsync(buffer.AsMemory(0, MaxAnswerBytes - (int)read.Length), cancellationToken) is var count and > 0)
        {
            read.Write(buffer, 0, count);
        }
    }

    private static string TextOf(MemoryStream read) => Encoding.UTF8.GetString(WholeCharacters.Of(read.GetBuffer().AsSpan(0, (int)read.Length)));

    private static DeliveryFailure FailureOf(Exception failure, bool isLate)
    {
        if (isLate) return DeliveryFailure.TimedOut;
        return EgressHttp.CauseOf(failure) is { } egress ? DeliveryAnswer.FailureOf(egress.Failure) : DeliveryFailure.Broken;
    }
}
