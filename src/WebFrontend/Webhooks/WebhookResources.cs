using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Webhooks;

/// <summary>What a creation answers. <c>Secret</c> is in it where it was made, and nowhere else.</summary>
internal sealed record CreatedWebhookResource(string WebhookId, string Event, string Url, DateTimeOffset CreatedAt, string? Secret)
{
    public static CreatedWebhookResource Of(WebhookInfo webhook) => new(webhook.WebhookId, webhook.Event, webhook.Url, webhook.CreatedAt, null);
}

/// <summary>A webhook. <c>Pending</c> is how many deliveries wait.</summary>
internal sealed record WebhookResource(
    string WebhookId, string Event, string Url, bool Enabled, string? DisabledReason, DateTimeOffset CreatedAt, long Pending)
{
    public static WebhookResource Of(WebhookInfo webhook) => new(
        webhook.WebhookId, webhook.Event, webhook.Url, webhook.Enabled, webhook.DisabledReason, webhook.CreatedAt, webhook.Pending);
}

internal sealed record WebhookListResource(
    IReadOnlyList<WebhookResource> Webhooks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

internal sealed record DeletedWebhookResource(string WebhookId, string Status);

/// <summary>A delivery; <c>Payload</c> is in the answer about it alone.</summary>
internal sealed record DeliveryResource(
    string DeliveryId,
    string EventId,
    string Event,
    string Status,
    int Attempts,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? LastAttemptAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? NextAttemptAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? ResponseStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ResponseBody,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Error,
    RawJson? Payload)
{
    public static DeliveryResource Of(WebhookDelivery delivery, HttpRequest request) => new(
        delivery.DeliveryId,
        delivery.EventId,
        delivery.Event,
        delivery.Status.ToString().ToLowerInvariant(),
        delivery.Attempts,
        delivery.CreatedAt,
        delivery.LastAttemptAt,
        delivery.NextAttemptAt,
        delivery.ResponseStatus,
        delivery.ResponseBody,
        delivery.Error is { } error ? ErrorWriter.In(error, LanguagePreference.Of(request)) : null,
        delivery.Payload.IsEmpty ? null : new RawJson(delivery.Payload));
}

internal sealed record DeliveryListResource(
    IReadOnlyList<DeliveryResource> Deliveries,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
