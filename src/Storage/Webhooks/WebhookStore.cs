using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Webhooks;

/// <inheritdoc/>
internal sealed class WebhookStore(ISqlDatabase database) : IWebhookStore
{
    private const int Piece = 1000;

    public async Task<bool> AddAsync(
        WebhookKey webhook, string eventType, DateTimeOffset createdAt, int most, CancellationToken cancellationToken) => await database.WriteAsync(
        WebhookStatements.AddWebhook,
        webhook.Tenant.Value,
        [.. Of(webhook), SqlValue.Of(eventType), SqlValue.Of(createdAt), SqlValue.Of(most)],
        cancellationToken) > 0;

    public Task DisableAsync(WebhookKey webhook, CancellationToken cancellationToken) =>
        database.WriteAsync(WebhookStatements.DisableWebhook, webhook.Tenant.Value, Of(webhook), cancellationToken);

    public Task RemoveAsync(WebhookKey webhook, CancellationToken cancellationToken) =>
        database.WriteAsync(WebhookStatements.RemoveWebhook, webhook.Tenant.Value, Of(webhook), cancellationToken);

    public ValueTask<IReadOnlyList<WebhookRow>> ListAsync(
        TenantId tenant, DateTimeOffset before, string beforeId, int limit, CancellationToken cancellationToken) => database.ListAsync(
        WebhookStatements.ListWebhooks,
        [SqlValue.Of(tenant.Value), SqlValue.Of(before), SqlValue.Of(beforeId), SqlValue.Of(limit)],
        static row => new WebhookRow(row.GetText(0), row.GetTime(1)),
        cancellationToken);

    public ValueTask<IReadOnlyList<WebhookKey>> ListOverdueAsync(
        WebhookKey? after, DateTimeOffset at, int limit, CancellationToken cancellationToken) => database.ListAsync(
        WebhookStatements.ListOverdueWebhooks,
        [.. after is { } last ? Of(last) : [SqlValue.Of(""), SqlValue.Of("")], SqlValue.Of(at), SqlValue.Of(limit)],
        static row => new WebhookKey(TenantId.Parse(row.GetText(0)), row.GetText(1)),
        cancellationToken);

    public ValueTask<IReadOnlyList<DueDelivery>> ListNextAsync(WebhookKey webhook, int limit, CancellationToken cancellationToken) => database.ListAsync(
        WebhookStatements.ListNextDeliveries,
        [.. Of(webhook), SqlValue.Of(limit)],
        static row => new DueDelivery(row.GetInt64(0), row.GetText(1), row.GetText(2), (int)row.GetInt64(3), row.GetTime(4)),
        cancellationToken);

    public async ValueTask<long> CountPendingAsync(WebhookKey webhook, CancellationToken cancellationToken) => (await database.ListAsync(
        WebhookStatements.CountPendingDeliveries, Of(webhook), static row => row.GetInt64(0), cancellationToken))[0];

    public ValueTask<IReadOnlyList<WebhookDeliveryState>> ListDeliveriesAsync(
        WebhookKey webhook, long belowSeq, int limit, CancellationToken cancellationToken) => database.ListAsync(
        WebhookStatements.ListDeliveries, [.. Of(webhook), SqlValue.Of(belowSeq), SqlValue.Of(limit)], ReadDelivery, cancellationToken);

    public ValueTask<WebhookDeliveryState?> FindDeliveryAsync(WebhookKey webhook, long seq, CancellationToken cancellationToken) => database.FindAsync(
        WebhookStatements.FindDelivery, [.. Of(webhook), SqlValue.Of(seq)], ReadDelivery, cancellationToken);

    public ValueTask<WebhookDeliveryState?> FindDeliveryAsync(
        WebhookKey webhook, string eventId, long aboveSeq, CancellationToken cancellationToken) => database.FindAsync(
        WebhookStatements.FindDeliveryOfEvent, [.. Of(webhook), SqlValue.Of(aboveSeq), SqlValue.Of(eventId)], ReadDelivery, cancellationToken);

    public async Task<bool> EndAttemptAsync(
        WebhookKey webhook, DueDelivery delivery, DeliveryAttemptState attempt, CancellationToken cancellationToken) => await database.WriteAsync(
        WebhookStatements.EndDeliveryAttempt,
        webhook.WebhookId,
        [
            .. Of(webhook), SqlValue.Of(delivery.Seq), SqlValue.Of(delivery.Attempts), SqlValue.Of((long)attempt.Status), SqlValue.Of(attempt.NextAt),
            SqlValue.Of(attempt.At), SqlValue.Of((long?)attempt.ResponseStatus), SqlValue.OfProse(attempt.ResponseBody), SqlValue.OfProse(attempt.Error),
            SqlValue.Of(delivery.DueAt),
        ],
        cancellationToken) > 0;

    public async Task<bool> ReplayAsync(WebhookKey webhook, long seq, DateTimeOffset dueAt, CancellationToken cancellationToken) => await database.WriteAsync(
        WebhookStatements.ReplayDelivery, webhook.WebhookId, [.. Of(webhook), SqlValue.Of(seq), SqlValue.Of(dueAt)], cancellationToken) > 0;

    public async Task<bool> FailSomeAsync(WebhookKey webhook, string error, CancellationToken cancellationToken) => await database.WriteAsync(
        WebhookStatements.FailDeliveries, webhook.WebhookId, [.. Of(webhook), SqlValue.OfProse(error), SqlValue.Of(Piece)], cancellationToken) > 0;

    public async Task<bool> RemoveSomeDeliveriesAsync(WebhookKey webhook, CancellationToken cancellationToken) => await database.WriteAsync(
        WebhookStatements.RemoveDeliveries, webhook.WebhookId, [.. Of(webhook), SqlValue.Of(Piece)], cancellationToken) > 0;

    public async Task<bool> RemoveSomeDeliveriesAsync(TenantId tenant, CancellationToken cancellationToken) => await database.WriteAsync(
        WebhookStatements.RemoveTenantDeliveries, tenant.Value, [SqlValue.Of(tenant.Value), SqlValue.Of(Piece)], cancellationToken) > 0;

    public Task<int> PurgeDeliveriesAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(WebhookStatements.PurgeDeliveries, "", [SqlValue.Of(before), SqlValue.Of(limit)], cancellationToken);

    private static SqlValue[] Of(WebhookKey webhook) => [SqlValue.Of(webhook.Tenant.Value), SqlValue.Of(webhook.WebhookId)];

    private static WebhookDeliveryState ReadDelivery(ISqlRow row) => new()
    {
        Seq = row.GetInt64(0),
        EventId = row.GetText(1),
        Type = row.GetText(2),
        SessionId = row.GetText(3),
        Status = (WebhookDeliveryStatus)row.GetInt64(4),
        Attempts = (int)row.GetInt64(5),
        NextAt = row.GetTimeOrNull(6),
        CreatedAt = row.GetTime(7),
        AttemptedAt = row.GetTimeOrNull(8),
        ResponseStatus = (int?)row.GetInt64OrNull(9),
        ResponseBody = row.GetProseOrNull(10),
        Error = row.GetProseOrNull(11),
    };
}
