namespace OpenClaw.Storage.Tests;

public enum DatabaseKind
{
    Sqlite,
    Postgres,
}
