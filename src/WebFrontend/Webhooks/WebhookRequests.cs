using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Webhooks;

/// <summary>The bodies of webhook requests, with their limits.</summary>
internal static class WebhookRequests
{
    private static readonly string[] Events = [.. EventTypes.ForWebhooks, CreateWebhook.AllEvents];

    /// <summary>Where no secret is given, one is made.</summary>
    public static WebhookCreation ReadCreate(JsonFields fields)
    {
        var eventType = fields.Text("event", required: true);
        if (eventType is not null && !Events.Contains(eventType))
            fields.Refuse("event", RequestReasons.OneOf(string.Join(", ", Events)));
        var url = fields.Text("url", required: true);
        var secret = fields.IsAbsent("secret") ? null : fields.Text("secret", maxBytes: WebhookSecret.MaxBytes, required: true);
        if (secret?.Any(char.IsControl) == true)
            fields.Refuse("secret", RequestReasons.ControlCharacter);
        return new WebhookCreation(
            new CreateWebhook { Event = eventType ?? "", Url = url ?? "", Secret = secret ?? WebhookSecret.Generate() }, secret is null);
    }
}

/// <summary>A webhook to be.</summary>
/// <param name="Command">What is asked for.</param>
/// <param name="IsSecretNew">The caller does not know the secret yet.</param>
internal sealed record WebhookCreation(CreateWebhook Command, bool IsSecretNew);
