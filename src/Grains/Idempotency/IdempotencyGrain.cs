using Microsoft.Extensions.Hosting;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.State;
using OpenClaw.Storage.Idempotency;

namespace OpenClaw.Grains.Idempotency;

/// <summary>
/// One idempotency key. The store says what was begun and answered; that a request is under way only memory knows, so an
/// intent without a result that this activation did not begin has an unknown outcome.
/// </summary>
[GrainType("idempotency"), CollectionAgeLimit(Minutes = 2)]
internal sealed class IdempotencyGrain : Grain, IIdempotencyGrain, IDisposable
{
    /// <summary>
    /// The grain's own key stands for scope and key, and the row is named by it: so an activation that never saw the
    /// request can store its answer. No method begins like this.
    /// </summary>
    private const string Scope = "#";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    /// <summary>The activation outlives any request; one whose front-end died is collected after it.</summary>
    private static readonly TimeSpan MaxUnderWay = TimeSpan.FromHours(1);

    private readonly IIdempotencyStore _store;
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _host;
    private readonly IdempotencyGrainKey _key;

    /// <summary>Calls interleave; what they do to the store and to the fields does not.</summary>
    private readonly SemaphoreSlim _gate = new(1);
    private Intent? _intent;

    /// <summary>A request that was refused and whose row may be in the store all the same.</summary>
    private Guid? _leftover;

    public IdempotencyGrain(IIdempotencyStore store, TimeProvider time, IHostApplicationLifetime host)
    {
        _store = store;
        _time = time;
        _host = host;
        _key = IdempotencyGrainKey.Parse(this.GetPrimaryKeyString());
    }

    public async Task<IdempotencyClaim> Begin(IdempotencyKey key, Guid request, CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        while (true)
        {
            var (intent, started) = await FindOrStartAsync(key.Fingerprint, request, cancellationToken);
            if (started)
                return new IdempotencyClaim(IdempotencyOutcome.Started);
            if (intent.Row.Fingerprint != key.Fingerprint)
                return new IdempotencyClaim(IdempotencyOutcome.Mismatch);
            if (!await WaitAsync(intent.Settled, MaxWait - _time.GetElapsedTime(begun), cancellationToken))
                return new IdempotencyClaim(IdempotencyOutcome.InProgress);
            if (await intent.Settled is { } claim)
                return claim;
        }
    }

    public async Task Complete(StoredAnswer answer, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            await _store.CompleteAsync(_key.Tenant, Scope, _key.Hash, StoredAnswerState.Encode(answer), CancellationToken.None);
        }
        finally
        {
            // Also when it could not be stored: those who ask this activation get the answer that was given.
            if (_intent?.TrySettle(new IdempotencyClaim(IdempotencyOutcome.Replay, answer)) == false)
                _intent = null;
            DelayDeactivation(TimeSpan.Zero);
            _gate.Release();
        }
    }

    public async Task Abandon(Guid request, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            _leftover = request;
            await ClearLeftoverAsync();
        }
        finally
        {
            // Also what this activation only read: it is read anew.
            if (_intent is { } held && (held.Request ?? request) == request)
            {
                held.TrySettle(null);
                _intent = null;
                DelayDeactivation(TimeSpan.Zero);
            }

            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>The intent that holds the key, or one that begins now.</summary>
    private async Task<(Intent Intent, bool Started)> FindOrStartAsync(string fingerprint, Guid request, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_intent is { } known && known.Row.ExpiresAt > _time.GetUtcNow())
                return (known, known.Request == request && !known.Settled.IsCompleted);
            await ClearLeftoverAsync();
            while (true)
            {
                var row = NewRow(fingerprint);
                if (await TryInsertAsync(row, request))
                {
                    _intent = new Intent(row, request);
                    DelayDeactivation(MaxUnderWay);
                    return (_intent, true);
                }

                if (await _store.FindAsync(_key.Tenant, Scope, _key.Hash, CancellationToken.None) is not { } taken)
                    continue;
                _intent = Intent.Settle(taken, taken.Result is null
                    ? new IdempotencyClaim(IdempotencyOutcome.OutcomeUnknown)
                    : new IdempotencyClaim(IdempotencyOutcome.Replay, StoredAnswerState.Decode(taken.Result)));
                return (_intent, false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> TryInsertAsync(IdempotencyState row, Guid request)
    {
        try
        {
            return await _store.TryInsertAsync(row, request, CancellationToken.None);
        }
        catch
        {
            // The row may have been written all the same; the caller, told that it was not, asks again.
            _leftover = request;
            throw;
        }
    }

    private async Task ClearLeftoverAsync()
    {
        if (_leftover is not { } request)
            return;
        await _store.RemoveAsync(_key.Tenant, Scope, _key.Hash, request, CancellationToken.None);
        _leftover = null;
    }

    private IdempotencyState NewRow(string fingerprint) => new()
    {
        Tenant = _key.Tenant.Value,
        Scope = Scope,
        Key = _key.Hash,
        Fingerprint = fingerprint,
        // Milliseconds are what the store keeps.
        ExpiresAt = _time.GetUtcNow().AsStored() + Lifetime,
    };

    /// <summary>False when the time is over or the silo stops.</summary>
    private async Task<bool> WaitAsync(Task settled, TimeSpan time, CancellationToken cancellationToken)
    {
        if (settled.IsCompleted)
            return true;
        if (time <= TimeSpan.Zero)
            return false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _host.ApplicationStopping);
        try
        {
            await settled.WaitAsync(time, _time, stop.Token);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
