using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing;

[assembly: AssemblyFixture(typeof(Servers))]

namespace OpenClaw.Contract.Tests.Support;

/// <summary>The servers that all tests share, by the database behind them.</summary>
public sealed class Servers : IAsyncDisposable
{
    public DatabaseServers OnSqlite { get; } = new(DatabaseKind.Sqlite);

    public DatabaseServers OnPostgres { get; } = new(DatabaseKind.Postgres);

    public async ValueTask DisposeAsync()
    {
        await OnSqlite.DisposeAsync();
        await OnPostgres.DisposeAsync();
    }
}
