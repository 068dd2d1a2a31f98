using OpenClaw.Testing;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Support;

/// <summary>
/// The servers on one kind of database, each with a database of its own and started when the first test asks for it. They
/// serve the built-in model and differ in how long it takes.
/// </summary>
public sealed class DatabaseServers(DatabaseKind database) : IAsyncDisposable
{
    private readonly Lazy<Task<ServerProcess>> _quick = Start(database, 1);
    private readonly Lazy<Task<ServerProcess>> _slow = Start(database, 100);
    private readonly Lazy<Task<ServerProcess>> _endless = Start(database, 10_000);

    public DatabaseKind Database { get; } = database;

    /// <summary>Answers at once.</summary>
    public Task<ServerProcess> Quick => _quick.Value;

    /// <summary>A turn takes seconds: long enough to meet it while it runs.</summary>
    public Task<ServerProcess> Slow => _slow.Value;

    /// <summary>A turn takes minutes: it ends when a test cancels it or deletes its session.</summary>
    public Task<ServerProcess> Endless => _endless.Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { _quick, _slow, _endless }.Where(server => server.IsValueCreated))
            await (await server.Value).DisposeAsync();
    }

    private static Lazy<Task<ServerProcess>> Start(DatabaseKind database, int chunkDelay) =>
        new(() => ServerProcess.StartAsync(new ServerSettings
        {
            Database = database,
            OfflineChunkDelayMilliseconds = chunkDelay,
            // The sites that tests open are on loopback.
            Environment = new Dictionary<string, string> { ["OpenClaw__Egress__AllowPrivateNetworks"] = "true" },
        }));
}
