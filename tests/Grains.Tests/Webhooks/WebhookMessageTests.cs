using System.Text;
using OpenClaw.Grains.Webhooks;
using OpenClaw.Storage.Events;

namespace OpenClaw.Grains.Tests.Webhooks;

public sealed class WebhookMessageTests
{
    [Fact]
    public void What_is_sent_is_the_event_with_its_data_as_they_are_the_same_bytes_each_time()
    {
        var at = new DateTimeOffset(2026, 3, 1, 9, 0, 0, 5, TimeSpan.FromHours(8));
        var told = new TenantEventState(7, "sess-1", new OutboxEntry("evt-1", "message.received", Encoding.UTF8.GetBytes("""{"content":"你好 👋","n":1.0}""")), at);

        var sent = WebhookMessage.Of(told);

        Assert.Equal(
            """{"id":"evt-1","type":"message.received","timestamp":"2026-03-01T01:00:00.005Z","data":{"content":"你好 👋","n":1.0}}""",
            Encoding.UTF8.GetString(sent));
        Assert.Equal(sent, WebhookMessage.Of(told));
    }

    [Theory]
    [InlineData("del-000000000000002a", 42L)]
    [InlineData("del-000000000000002A", null)]
    [InlineData("del-2a", null)]
    [InlineData("del-", null)]
    [InlineData("000000000000002a", null)]
    public void A_delivery_s_id_tells_its_event_s_number(string id, long? seq) => Assert.Equal(seq, DeliveryIds.SeqOf(id));
}
