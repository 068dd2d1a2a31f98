using System.Text;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Webhooks;

namespace OpenClaw.Grains.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    /// <summary>From the specification's own example, https://www.standardwebhooks.com.</summary>
    [Fact]
    public void The_specification_s_example_has_the_specification_s_signature()
    {
        // Shorter than the keys that the specification asks for.
        var key = Convert.FromBase64String("plJ3nmyCDGBKInavdOK15jsl");

        var signature = WebhookSignature.Sign(key, "msg_loFOjxBNrRLzqYUf", 1731705121, """{"event_type":"ping","data":{"success":true}}"""u8);

        Assert.Equal("v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=", signature);
    }

    [Fact]
    public void A_generated_secret_is_the_base64_of_32_bytes()
    {
        var (one, other) = (WebhookSecret.Generate(), WebhookSecret.Generate());

        Assert.StartsWith("whsec_", one, StringComparison.Ordinal);
        Assert.Equal(32, WebhookSecret.KeyOf(one)!.Length);
        Assert.NotEqual(one, other);
    }

    [Theory]
    [InlineData("your-webhook-secret")]
    [InlineData("密钥 🔑")]
    [InlineData("WHSEC_!!")]
    public void Another_secret_is_its_own_bytes(string secret) => Assert.Equal(Encoding.UTF8.GetBytes(secret), WebhookSecret.KeyOf(secret));

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_key_behind_the_prefix_has_24_to_64_bytes(int length, bool isKey) =>
        Assert.Equal(isKey ? length : null, WebhookSecret.KeyOf("whsec_" + Convert.ToBase64String(new byte[length]))?.Length);

    [Theory]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64 at all, is it?!!")]
    [InlineData("whsec_AAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_base64_behind_the_prefix_is_no_secret(string secret) => Assert.Null(WebhookSecret.KeyOf(secret));
}
