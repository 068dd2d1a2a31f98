using System.Data.Common;
using Microsoft.Data.Sqlite;
using OpenClaw.Storage.Postgres;
using OpenClaw.Storage.Sqlite;

namespace OpenClaw.Storage;

/// <summary>What the drivers throw, as callers of this project see it: for Orleans' providers, which use the drivers themselves.</summary>
public static class DatabaseFailures
{
    /// <returns>
    /// A <see cref="StorageUnavailableException"/>, or an <see cref="InvalidOperationException"/> when a rule of the schema
    /// was broken: a fault of ours, not of the database.
    /// </returns>
    public static Exception Translate(DbException exception) => exception is SqliteException sqlite
        ? new SqliteFailure(sqlite.SqliteExtendedErrorCode, sqlite.Message).Translate()
        : PostgresErrors.Translate(exception);

    /// <summary>The server has closed the connection, as after its restart: what may be repeated gets a new one.</summary>
    public static bool IsConnectionLost(DbException exception) => PostgresErrors.IsConnectionLost(exception);
}
