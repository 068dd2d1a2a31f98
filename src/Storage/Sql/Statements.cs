namespace OpenClaw.Storage.Sql;

/// <summary>Names of the statements in the <c>Statements.sql</c> files.</summary>
internal static class Statements
{
    public const string CreateSession = nameof(CreateSession);
    public const string FindSession = nameof(FindSession);
    public const string FindRevision = nameof(FindRevision);
    public const string ListSessions = nameof(ListSessions);
    public const string ListRunningSessions = nameof(ListRunningSessions);
    public const string ListActiveSessions = nameof(ListActiveSessions);
    public const string FindSessionTenants = nameof(FindSessionTenants);
    public const string ListRunningSessionsOf = nameof(ListRunningSessionsOf);
    public const string DeleteSession = nameof(DeleteSession);
    public const string DeleteSessions = nameof(DeleteSessions);
    public const string ReadEvents = nameof(ReadEvents);
    public const string ReadMessagesAfter = nameof(ReadMessagesAfter);
    public const string ReadMessagesBefore = nameof(ReadMessagesBefore);
    public const string FindDone = nameof(FindDone);
    public const string FindSummary = nameof(FindSummary);
    public const string SaveSummary = nameof(SaveSummary);
    public const string ListPurges = nameof(ListPurges);
    public const string ListPurgesOf = nameof(ListPurgesOf);
    public const string PurgeEvents = nameof(PurgeEvents);
    public const string PurgeSummary = nameof(PurgeSummary);
    public const string PurgeDone = nameof(PurgeDone);
    public const string ReadOutbox = nameof(ReadOutbox);
    public const string RemoveOutbox = nameof(RemoveOutbox);
    public const string RemoveTenantOutbox = nameof(RemoveTenantOutbox);
    public const string FindIdempotency = nameof(FindIdempotency);
    public const string InsertIdempotency = nameof(InsertIdempotency);
    public const string CompleteIdempotency = nameof(CompleteIdempotency);
    public const string RemoveIdempotency = nameof(RemoveIdempotency);
    public const string PurgeIdempotency = nameof(PurgeIdempotency);
    public const string RemoveTenantIdempotency = nameof(RemoveTenantIdempotency);
    public const string ListProtectionKeys = nameof(ListProtectionKeys);
    public const string AddProtectionKey = nameof(AddProtectionKey);
    public const string AddUsage = nameof(AddUsage);
    public const string ListUsage = nameof(ListUsage);
    public const string RemoveTenantUsage = nameof(RemoveTenantUsage);
    public const string AddTenant = nameof(AddTenant);
    public const string RemoveTenant = nameof(RemoveTenant);
    public const string ListTenants = nameof(ListTenants);
    public const string BeginTenantDeletion = nameof(BeginTenantDeletion);
    public const string EndTenantDeletion = nameof(EndTenantDeletion);
    public const string ForgetTenantDeletion = nameof(ForgetTenantDeletion);
    public const string ListTenantDeletions = nameof(ListTenantDeletions);
    public const string AddApiKey = nameof(AddApiKey);
    public const string RemoveApiKey = nameof(RemoveApiKey);
    public const string ListApiKeys = nameof(ListApiKeys);
    public const string FindApiKey = nameof(FindApiKey);
    public const string RegisterActivation = nameof(RegisterActivation);
    public const string FindActivation = nameof(FindActivation);
    public const string UnregisterActivation = nameof(UnregisterActivation);
    public const string ListActivationSilos = nameof(ListActivationSilos);
    public const string UnregisterSilo = nameof(UnregisterSilo);
}
