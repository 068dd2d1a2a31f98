using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Scheduling;
using OpenClaw.Storage.Webhooks;

namespace OpenClaw.Grains.Webhooks;

/// <summary>Finds webhooks with deliveries that nobody attends to: their silo has died, or they were put to sleep before a retry was due.</summary>
internal sealed partial class WebhookWatch(IWebhookStore store, IGrainFactory grains, TimeProvider time, ILogger<WebhookWatch> logger) : SiloWatch(Interval, time)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>What is due no longer than this is being attended to.</summary>
    internal static readonly TimeSpan Overdue = TimeSpan.FromSeconds(5);

    private const int Page = 256;

    private readonly TimeProvider _time = time;

    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        var at = _time.GetUtcNow() - Overdue;
        IReadOnlyList<WebhookKey> page = [];
        do
        {
            page = await store.ListOverdueAsync(page.Count == 0 ? null : page[^1], at, Page, cancellationToken);
            foreach (var webhook in page) await grains.GetGrain<IWebhookDeliveries>(webhook.ToString()).Deliver();
        }
        while (page.Count == Page);
    }

    protected override void Report(Exception failure, TimeSpan nextIn) => LogFailed(failure, nextIn);

    [LoggerMessage(8204, LogLevel.Warning, "Looking for overdue deliveries to webhooks failed; it is tried again in {Interval}")]
    private partial void LogFailed(Exception exception, TimeSpan interval);
}
