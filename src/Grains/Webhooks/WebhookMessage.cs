using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Storage.Events;

namespace OpenClaw.Grains.Webhooks;

/// <summary>What is sent of an event.</summary>
internal static class WebhookMessage
{
    /// <summary><c>{"id","type","timestamp","data"}</c> in UTF-8: the same bytes whenever it is asked for, which is what is signed.</summary>
    public static byte[] Of(TenantEventState told) => CompactJson.WriteObject(json =>
    {
        json.WriteString("id", told.Event.EventId);
        json.WriteString("type", told.Event.Type);
        json.WriteTime("timestamp", told.At);
        json.WritePropertyName("data");
        json.WriteRawValue(told.Event.Payload, skipInputValidation: true);
    });

    /// <summary>The data of a test event.</summary>
    public static byte[] TestData(string webhookId) => CompactJson.WriteObject(json => json.WriteString("webhookId", webhookId));
}
