using System.Globalization;
using System.Text.Json;
using OpenClaw.Storage.Events;

namespace OpenClaw.Grains.Webhooks;

/// <summary>What is sent of an event.</summary>
internal static class WebhookMessage
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary><c>{"id","type","timestamp","data"}</c> in UTF-8: the same bytes whenever it is asked for, which is what is signed.</summary>
    public static byte[] Of(TenantEventState told)
    {
        using var buffer = new MemoryStream(told.Event.Payload.Length + 256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, told.Event.EventId);
            json.WriteString("type"u8, told.Event.Type);
            json.WriteString("timestamp"u8, told.At.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture));
            json.WritePropertyName("data"u8);
            json.WriteRawValue(told.Event.Payload, skipInputValidation: true);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>The data of a test event.</summary>
    public static byte[] TestData(string webhookId)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("webhookId"u8, webhookId);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
