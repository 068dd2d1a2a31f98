namespace OpenClaw.Storage.Events;

/// <summary>Names of the statements in <c>Sql/Events.sql</c>.</summary>
internal static class EventStatements
{
    public const string AddToOutbox = nameof(AddToOutbox);
    public const string ListTenantsInOutbox = nameof(ListTenantsInOutbox);
    public const string ReadOutbox = nameof(ReadOutbox);
    public const string FindEventHead = nameof(FindEventHead);
    public const string MoveEventHead = nameof(MoveEventHead);
    public const string AddEvent = nameof(AddEvent);
    public const string AddDeliveries = nameof(AddDeliveries);
    public const string RemoveFromOutbox = nameof(RemoveFromOutbox);
    public const string ReadTenantEvents = nameof(ReadTenantEvents);
    public const string FindFirstEvent = nameof(FindFirstEvent);
    public const string FindTenantEvent = nameof(FindTenantEvent);
    public const string HoldEventHead = nameof(HoldEventHead);
    public const string BlankTenantEvents = nameof(BlankTenantEvents);
    public const string BlankOutbox = nameof(BlankOutbox);
    public const string ListToldWebhooks = nameof(ListToldWebhooks);
    public const string PurgeTenantEvents = nameof(PurgeTenantEvents);
    public const string PurgeEventsOfAll = nameof(PurgeEventsOfAll);
    public const string RemoveTenantOutbox = nameof(RemoveTenantOutbox);
    public const string RemoveTenantEvents = nameof(RemoveTenantEvents);
    public const string RemoveEventHead = nameof(RemoveEventHead);
}
