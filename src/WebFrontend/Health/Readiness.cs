using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Health;

/// <summary>
/// Asks a grain for nothing, which takes a silo, and for a row, which takes its database as well. It needs no database of
/// its own: a front-end that is a client asks the silo it is connected to, a silo itself. Anyone may ask, so one answer
/// serves everybody for a second.
/// </summary>
internal sealed partial class Readiness(IGrainFactory grains, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<Readiness> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<ReadinessReport>? _last;
    private long _asked;
    private volatile bool _reachedSilo;
    private ReadinessReport? _logged;

    public Task<ReadinessReport> CheckAsync()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return Task.FromResult(ReadinessReport.Stopping);
        lock (_gate)
        {
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(_asked) >= Validity))
            {
                _asked = time.GetTimestamp();
                _last = AskAsync();
            }

            return _last;
        }
    }

    /// <summary>Both at once: a database that does not answer must not be taken for a silo that does not.</summary>
    private async Task<ReadinessReport> AskAsync()
    {
        var silo = FailureOfAsync(directory => directory.Ping());
        var database = FailureOfAsync(directory => directory.ListTenants(1, null, CancellationToken.None));
        var (siloFailure, databaseFailure) = (await silo, await database);
        _reachedSilo |= siloFailure is null;

        // What says that it is the database says it whatever the other call has met.
        if (databaseFailure is not null && (siloFailure is null || ExceptionProblems.IsStorageUnavailable(databaseFailure)))
            return Report(ReadinessReport.DatabaseLost, databaseFailure);
        if (siloFailure is not null)
            return Report(_reachedSilo ? ReadinessReport.SiloLost : ReadinessReport.Starting, siloFailure);
        _logged = null;
        return ReadinessReport.Ready;
    }

    private async Task<Exception?> FailureOfAsync(Func<ITenantDirectoryGrain, Task> ask)
    {
        try
        {
            await ask(grains.GetTenantDirectory(new TenantKey(TenantId.Default))).WaitAsync(Patience, time);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>Logged once, not with every question. At the start nothing has failed yet.</summary>
    private ReadinessReport Report(ReadinessReport report, Exception cause)
    {
        if (_logged != report)
            LogNotReady(logger, report == ReadinessReport.Starting ? null : cause, report.Status, report.Silo, report.Database);
        _logged = report;
        return report;
    }

    [LoggerMessage(6010, LogLevel.Warning, "Not ready: {Status} (silo {Silo}, database {Database})")]
    private static partial void LogNotReady(ILogger logger, Exception? exception, string status, string silo, string database);
}
