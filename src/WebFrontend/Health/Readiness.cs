using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Health;

/// <summary>
/// Asks a grain for a row of the database, which takes both. Anyone may ask, so one answer serves everybody for a second.
/// </summary>
internal sealed partial class Readiness(IGrainFactory grains, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<Readiness> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<Problem?>? _last;
    private long _asked;

    /// <summary>Null when ready; else a 503 that names what is not.</summary>
    public Task<Problem?> CheckAsync()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return Task.FromResult<Problem?>(NotReady("stopping"));
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

    private async Task<Problem?> AskAsync()
    {
        try
        {
            var directory = grains.GetTenantDirectory(new TenantKey(TenantId.Default));
            await directory.ListTenants(1, null, CancellationToken.None).WaitAsync(Patience, time);
            return null;
        }
        catch (Exception exception) when (ExceptionProblems.IsStorageUnavailable(exception))
        {
            LogNotReady(logger, exception, "database");
            return NotReady("database");
        }
        catch (Exception exception)
        {
            LogNotReady(logger, exception, "silo");
            return NotReady("silo");
        }
    }

    private static Problem NotReady(string check) => Problem.Internal(503, RequestReasons.NotReady(check), 1);

    [LoggerMessage(6010, LogLevel.Warning, "Not ready: {Check}")]
    private static partial void LogNotReady(ILogger logger, Exception exception, string check);
}
