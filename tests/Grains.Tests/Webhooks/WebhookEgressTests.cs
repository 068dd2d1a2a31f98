using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Tests.Egress;

namespace OpenClaw.Grains.Tests.Webhooks;

/// <summary>Webhooks reach the public Internet and nothing else.</summary>
public sealed class WebhookEgressTests : WebhookGrainTest
{
    private FakeNetwork? _network;

    protected override bool IsOpen => false;

    internal override INetwork Network => _network ??= new FakeNetwork(Receiver.Port);

    private FakeNetwork Names => (FakeNetwork)Network;

    [Theory]
    [InlineData("http://127.0.0.1/hook")]
    [InlineData("http://[::1]/hook")]
    [InlineData("http://192.168.1.1/hook")]
    [InlineData("http://169.254.169.254/hook")]
    [InlineData("http://inside.example/hook")]
    [InlineData("http://mixed.example/hook")]
    [InlineData("http://nowhere.example/hook")]
    public async Task A_URL_that_leads_inside_is_refused(string url)
    {
        Names.Name("inside.example", "10.0.0.7");
        Names.Name("mixed.example", $"{FakeNetwork.PublicAddress},10.0.0.7");

        var refused = await Silo.Grains.GetWebhook(NewKey()).Create(new CreateWebhook { Event = "*", Url = url, Secret = Secret }, Cancellation);

        Assert.Equal((400, "url"), (refused.Problem?.Status, refused.Problem?.Field));
    }

    [Fact]
    public async Task A_name_that_leads_inside_after_the_creation_is_refused_at_the_delivery_and_tried_again_later()
    {
        Names.Name("hooks.example", FakeNetwork.PublicAddress);
        var webhook = await CreateAsync(url: "http://hooks.example/hook");

        Names.Name("hooks.example", "10.0.0.7");
        await TellAsync();
        var refused = await DeliveryAsync(webhook, delivery => delivery.Attempts == 1);
        Assert.Equal((WebhookDeliveryStatus.Pending, null), (refused.Status, refused.ResponseStatus));
        Assert.Contains("refused address", refused.Error?.English, StringComparison.Ordinal);
        Assert.Empty(Receiver.All);

        Names.Name("hooks.example", FakeNetwork.PublicAddress);
        await Time.PassToAsync(refused.NextAttemptAt!.Value);
        await DeliveryAsync(webhook, delivery => delivery.Status is WebhookDeliveryStatus.Delivered);

        Assert.Single(Receiver.All);
        Assert.DoesNotContain(Names.Connected, endpoint => endpoint.Address.ToString() == "10.0.0.7");
    }
}
