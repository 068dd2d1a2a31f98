using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Webhooks;
using OpenClaw.Samples.WebhookReceiver;

namespace OpenClaw.Grains.Tests.Webhooks;

/// <summary>The sample receiver lets in what the server signed, and nothing else.</summary>
public sealed class SignatureVerifierTests
{
    private const string Secret = "your-webhook-secret";
    private const string Id = "evt-1";
    private const string Body = """{"id":"evt-1"}""";

    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));

    private readonly SignatureVerifier _verifier = new(Secret, Time);

    [Theory]
    [InlineData(0, null)]
    [InlineData(-300, null)]
    [InlineData(300, null)]
    [InlineData(-301, "webhook-timestamp is too far from now")]
    [InlineData(301, "webhook-timestamp is too far from now")]
    public void Clocks_may_be_five_minutes_apart(int seconds, string? objection) => Assert.Equal(objection, Verify(Now(seconds), Sign(Now(seconds))));

    [Fact]
    public void One_right_signature_among_several_is_enough() =>
        Assert.Null(Verify(Now(), $"v1a,AAAA v1,AAAA {Sign(Now())}"));

    [Theory]
    [InlineData("")]
    [InlineData("v1,")]
    [InlineData("v1,AAAA")]
    [InlineData("v1,not base64")]
    public void Another_signature_is_refused(string signature) => Assert.Equal("no signature is right", Verify(Now(), signature));

    [Fact]
    public void What_was_signed_otherwise_is_refused()
    {
        var signature = Sign(Now());

        Assert.Equal("no signature is right", Verify(Now(), signature, body: Body + " "));
        Assert.Equal("no signature is right", Verify(Now(), signature, id: "evt-2"));
        Assert.Equal("no signature is right", Verify(Now(1), signature));
        Assert.Equal("webhook-id is missing", Verify(Now(), signature, id: ""));
        Assert.Equal("webhook-timestamp is no number of seconds", _verifier.Objection(Id, "soon", signature, []));
    }

    [Fact]
    public void An_id_is_new_once()
    {
        var seen = new SeenIds();

        Assert.Equal([true, false, true], new[] { seen.Add("a"), seen.Add("a"), seen.Add("b") });
    }

    private static long Now(int seconds = 0) => Time.GetUtcNow().ToUnixTimeSeconds() + seconds;

    private static string Sign(long timestamp) => WebhookSignature.Sign(Encoding.UTF8.GetBytes(Secret), Id, timestamp, Encoding.UTF8.GetBytes(Body));

    private string? Verify(long timestamp, string signature, string id = Id, string body = Body) =>
        _verifier.Objection(id, timestamp.ToString(CultureInfo.InvariantCulture), signature, Encoding.UTF8.GetBytes(body));
}
