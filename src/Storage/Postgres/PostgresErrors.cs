using Npgsql;

namespace OpenClaw.Storage.Postgres;

/// <summary>What the server's error codes mean to those who asked (PostgreSQL manual, appendix A).</summary>
internal static class PostgresErrors
{
    /// <summary>A broken rule of the schema is a fault of ours, all else is the database's.</summary>
    public static Exception Translate(Exception exception) => exception switch
    {
        PostgresException { SqlState: ['2', '2' or '3', ..] or ['4', '2', ..] } postgres => new InvalidOperationException(postgres.MessageText, postgres),
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } => Unavailable("The database is locked by another process.", exception),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => Unavailable("The database's disk is full.", exception),
        NpgsqlException => Unavailable("The database cannot be reached.", exception),
        _ => exception,
    };

    /// <summary>A lock that was waited for in vain is not transient: the wait is over.</summary>
    public static bool IsTransient(Exception exception) =>
        exception is NpgsqlException { IsTransient: true } and not PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }
            or PostgresException { SqlState: ['5', '7', 'P', ..] };

    /// <summary>
    /// The server has closed the connection, long ago perhaps. The driver gives up the whole pool with it, so that the next
    /// one is new. An answer that did not come in time is another matter: the server may still be at it.
    /// </summary>
    public static bool IsConnectionLost(Exception exception) => exception is
        PostgresException { SqlState: ['5', '7', 'P', ..] or ['0', '8', ..] }
        or (NpgsqlException { InnerException: not TimeoutException } and not PostgresException);

    private static StorageUnavailableException Unavailable(string message, Exception exception) => new(message, exception);
}
