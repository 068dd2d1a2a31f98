using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage;
using Orleans.Runtime.Messaging;

namespace OpenClaw.WebFrontend.Errors;

/// <summary>What a caller is told of an exception. Its text stays in the log.</summary>
internal static class ExceptionProblems
{
    public static Problem Of(Exception exception) => exception switch
    {
        BadHttpRequestException bad => RequestProblems.OfStatus(bad.StatusCode),
        _ when IsStorageUnavailable(exception) => Problem.Internal(503, Reasons.StorageUnavailable, 1),
        TenantMismatchException => RequestProblems.ForeignTenant,
        // Orleans cancels a call that found no silo for its grain in time; a client that left was sorted out before.
        TimeoutException or OperationCanceledException => RequestProblems.OfStatus(504),
        GatewayTooBusyException => RequestProblems.Overloaded,
        _ when IsUnreachable(exception) => RequestProblems.OfStatus(503),
        _ => RequestProblems.Unexpected,
    };

    /// <summary>Nobody knows whether the call that failed arrived at its grain.</summary>
    public static bool IsUnanswered(Exception exception) => exception is TimeoutException || IsUnreachable(exception);

    /// <summary>The database cannot be reached or written. Orleans wraps what happens to the state of its grains.</summary>
    public static bool IsStorageUnavailable(Exception exception) =>
        exception is StorageUnavailableException or OrleansException { InnerException: StorageUnavailableException };

    /// <summary>
    /// The silo of the grain, or the gateway on the way to it, is gone or refuses; or silos that have just come or gone do not agree yet
    /// on where the grain belongs.
    /// </summary>
    private static bool IsUnreachable(Exception exception) =>
        exception is SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException || IsUnsettled(exception);

    /// <summary>
    /// What the directory and the placement of grains throw meanwhile: the base of all exceptions of Orleans, and nothing within it. A failure
    /// of a grain's state has one within.
    /// </summary>
    private static bool IsUnsettled(Exception exception) => exception.GetType() == typeof(OrleansException) && exception.InnerException is null;
}
