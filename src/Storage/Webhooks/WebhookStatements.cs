namespace OpenClaw.Storage.Webhooks;

/// <summary>Names of the statements in <c>Sql/Webhooks.sql</c>.</summary>
internal static class WebhookStatements
{
    public const string AddWebhook = nameof(AddWebhook);
    public const string RemoveWebhook = nameof(RemoveWebhook);
    public const string DisableWebhook = nameof(DisableWebhook);
    public const string ListWebhooks = nameof(ListWebhooks);
    public const string ListOverdueWebhooks = nameof(ListOverdueWebhooks);
    public const string ListNextDeliveries = nameof(ListNextDeliveries);
    public const string CountPendingDeliveries = nameof(CountPendingDeliveries);
    public const string ListDeliveries = nameof(ListDeliveries);
    public const string FindDelivery = nameof(FindDelivery);
    public const string FindDeliveryOfEvent = nameof(FindDeliveryOfEvent);
    public const string EndDeliveryAttempt = nameof(EndDeliveryAttempt);
    public const string ReplayDelivery = nameof(ReplayDelivery);
    public const string FailDeliveries = nameof(FailDeliveries);
    public const string RemoveDeliveries = nameof(RemoveDeliveries);
    public const string RemoveTenantDeliveries = nameof(RemoveTenantDeliveries);
    public const string PurgeDeliveries = nameof(PurgeDeliveries);
}
