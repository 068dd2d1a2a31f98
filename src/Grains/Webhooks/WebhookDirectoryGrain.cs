using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Paging;
using OpenClaw.Storage.Webhooks;
using Orleans.Concurrency;

namespace OpenClaw.Grains.Webhooks;

/// <summary>The list. Holds nothing, so that calls interleave freely.</summary>
[GrainType("webhook-directory"), StatelessWorker, Reentrant]
internal sealed class WebhookDirectoryGrain(IWebhookStore store) : Grain, IWebhookDirectoryGrain
{
    private TenantId Tenant => WebhookDirectoryKey.Parse(this.GetPrimaryKeyString()).Tenant;

    public async Task<WebhookPage> List(int limit, string? cursor, CancellationToken cancellationToken)
    {
        PageCursor? before = null;
        if (cursor is not null && !PageCursor.TryParse(cursor, PagedList.Webhooks, out before))
            return new WebhookPage { Problem = Problem.Invalid("cursor", Reasons.InvalidCursor) };
        var rows = await store.ListAsync(Tenant, before?.CreatedAt ?? DateTimeOffset.MaxValue, before?.Id ?? "", limit + 1, cancellationToken);
        var webhooks = await Task.WhenAll(rows.Take(limit).Select(row => DescribeAsync(row.WebhookId, cancellationToken)));
        return new WebhookPage
        {
            Webhooks = webhooks.OfType<WebhookInfo>().ToArray(),
            NextCursor = rows.Count > limit ? new PageCursor(PagedList.Webhooks, rows[limit - 1].CreatedAt, rows[limit - 1].WebhookId).ToString() : null,
        };
    }

    private async Task<WebhookInfo?> DescribeAsync(string webhookId, CancellationToken cancellationToken)
    {
        var webhook = GrainFactory.GetWebhook(new WebhookKey(Tenant, webhookId));
        // Reads do not wait for changes; a row without a webhook does, for it may be about to have one.
        return await webhook.Get(cancellationToken) ?? await webhook.Confirm(cancellationToken);
    }
}
