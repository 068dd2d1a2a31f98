using Microsoft.Extensions.Hosting;
using OpenClaw.Storage;

namespace OpenClaw.Silo;

/// <summary>Takes the data directory and brings the database up to date before anything else starts.</summary>
internal sealed class DatabaseStartup(StorageOptions storage, bool embedded, TimeProvider time) : IHostedService, IDisposable
{
    private DataDirectoryLock? _lock;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (embedded) _lock = DataDirectoryLock.Acquire(storage.DataDirectory, time);
        await DatabaseMigrator.MigrateAsync(storage, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _lock?.Dispose();
}
