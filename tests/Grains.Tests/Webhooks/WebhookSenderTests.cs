using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Tests.Egress;
using OpenClaw.Grains.Webhooks;
using OpenClaw.Samples.WebhookReceiver;

namespace OpenClaw.Grains.Tests.Webhooks;

/// <summary>One attempt at a receiver that may be anybody: what is sent, and what its answer means.</summary>
public sealed class WebhookSenderTests : IAsyncLifetime
{
    private const string Secret = "your-webhook-secret";

    private static readonly byte[] Key = Encoding.UTF8.GetBytes(Secret);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"id":"evt-1"}""");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));
    private WebhookReceiver _receiver = null!;
    private WebhookSender _sender = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _sender = SenderFor(new FakeNetwork(_receiver.Port), isOpen: true);
    }

    public ValueTask DisposeAsync()
    {
        _sender.Dispose();
        return _receiver.DisposeAsync();
    }

    [Fact]
    public async Task What_is_sent_has_the_headers_of_standard_webhooks_and_a_signature_that_a_receiver_verifies()
    {
        Assert.Equal(new DeliveryAnswer(null, 204, ""), await SendAsync());

        var received = await _receiver.NextAsync();
        Assert.Equal(Body, received.Body);
        Assert.Equal(("evt-1", "application/json", "OpenClaw-Webhooks/1.0"), (received.Id, received.Headers["content-type"], received.Headers["user-agent"]));
        Assert.Equal($"{_time.GetUtcNow().ToUnixTimeSeconds()}", received.Timestamp);
        Assert.Null(new SignatureVerifier(Secret, _time).Objection(received.Id, received.Timestamp, received.Signature, received.Body));
        Assert.DoesNotContain("traceparent", received.Headers.Keys);
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(299, null)]
    [InlineData(301, nameof(DeliveryFailure.Redirected))]
    [InlineData(307, nameof(DeliveryFailure.Redirected))]
    [InlineData(400, nameof(DeliveryFailure.Status))]
    [InlineData(404, nameof(DeliveryFailure.Status))]
    [InlineData(410, nameof(DeliveryFailure.Gone))]
    [InlineData(429, nameof(DeliveryFailure.Status))]
    [InlineData(500, nameof(DeliveryFailure.Status))]
    public async Task A_2xx_delivers_and_a_410_says_that_nothing_more_is_wanted(int status, string? failure)
    {
        _receiver.Answer = WebhookReceiver.Status(status, "answer");

        var answer = await SendAsync();

        Assert.Equal((failure, status, "answer"), (answer.Failure?.ToString(), answer.Status, answer.Body));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _receiver.Answer = (_, context) =>
        {
            context.Response.Redirect(_receiver.Url);
            return Task.CompletedTask;
        };

        Assert.Equal(DeliveryFailure.Redirected, (await SendAsync()).Failure);
        Assert.Single(_receiver.All);
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_given_up_after_10_s()
    {
        _receiver.Answer = WebhookReceiver.Hang;
        var sending = SendAsync();
        await _receiver.NextAsync();

        _time.Advance(WebhookSender.Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(sending.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(new DeliveryAnswer(DeliveryFailure.TimedOut), await sending);
    }

    [Fact]
    public async Task A_receiver_that_drips_its_answer_is_given_up_after_10_s_as_well()
    {
        var dripped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = new RawReceiver(async (stream, cancellationToken) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ndrip"u8.ToArray(), cancellationToken);
            dripped.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        });
        var sending = SendAsync(receiver.Url);
        await dripped.Task;

        _time.Advance(WebhookSender.Limit);

        Assert.Equal(DeliveryFailure.TimedOut, (await sending).Failure);
    }

    [Fact]
    public async Task Of_an_endless_answer_4_KiB_are_read_and_it_counts()
    {
        _receiver.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 200;
            var piece = Encoding.UTF8.GetBytes(new string('界', 1000));
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        };

        var answer = await SendAsync();

        Assert.Equal((null, 200), (answer.Failure, answer.Status));
        // The last character that is whole.
        Assert.Equal(new string('界', WebhookSender.MaxAnswerBytes / 3), answer.Body);
    }

    [Fact]
    public async Task Endless_headers_are_a_failure()
    {
        await using var receiver = new RawReceiver(async (stream, cancellationToken) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), cancellationToken);
            var line = Encoding.ASCII.GetBytes($"x-more: {new string('x', 1000)}\r\n");
            while (true) await stream.WriteAsync(line, cancellationToken);
        });

        Assert.Equal(new DeliveryAnswer(DeliveryFailure.Broken), await SendAsync(receiver.Url));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nzzzz")]
    public async Task What_is_broken_off_or_no_HTTP_is_a_failure(string said)
    {
        await using var receiver = new RawReceiver(async (stream, cancellationToken) => await stream.WriteAsync(Encoding.ASCII.GetBytes(said), cancellationToken));

        Assert.Equal(DeliveryFailure.Broken, (await SendAsync(receiver.Url)).Failure);
    }

    [Fact]
    public async Task A_host_without_an_address_and_a_port_without_a_server_are_failures()
    {
        var network = new FakeNetwork(1);
        network.Name("closed.example", FakeNetwork.PublicAddress);
        using var sender = SenderFor(network, isOpen: false);

        Assert.Equal(DeliveryFailure.NotResolved, (await SendAsync(new Uri("https://nowhere.example/"), sender)).Failure);
        Assert.Equal(DeliveryFailure.NotConnected, (await SendAsync(new Uri("http://closed.example/"), sender)).Failure);
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[fe80::1]/")]
    public async Task A_private_address_is_refused(string url)
    {
        using var sender = SenderFor(new FakeNetwork(_receiver.Port), isOpen: false);

        Assert.Equal(DeliveryFailure.Refused, (await SendAsync(new Uri(url), sender)).Failure);
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_by_now_is_refused_although_a_connection_is_there()
    {
        var network = new FakeNetwork(_receiver.Port);
        // For the check and for the connection, then for the next check.
        network.Name("hooks.example", FakeNetwork.PublicAddress, FakeNetwork.PublicAddress, "10.0.0.7");
        using var sender = SenderFor(network, isOpen: false);
        var url = new Uri("http://hooks.example/hook");

        Assert.Null((await SendAsync(url, sender)).Failure);
        Assert.Equal(DeliveryFailure.Refused, (await SendAsync(url, sender)).Failure);

        Assert.Single(_receiver.All);
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_no_answer()
    {
        _receiver.Answer = WebhookReceiver.Hang;
        using var cancellation = new CancellationTokenSource();
        var sending = _sender.SendAsync(new Uri(_receiver.Url), Key, "evt-1", Body, cancellation.Token);
        await _receiver.NextAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    private WebhookSender SenderFor(FakeNetwork network, bool isOpen) =>
        new(new EgressPolicy(Options.Create(new EgressOptions { AllowPrivateNetworks = isOpen }), network), _time);

    private Task<DeliveryAnswer> SendAsync(Uri? url = null, WebhookSender? sender = null) =>
        (sender ?? _sender).SendAsync(url ?? new Uri(_receiver.Url), Key, "evt-1", Body, Cancellation);
}
