using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Paging;
using OpenClaw.Grains.Secrets;
using OpenClaw.Grains.State;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Webhooks;

namespace OpenClaw.Grains.Webhooks;

/// <inheritdoc cref="IWebhookGrain"/>
/// <remarks>
/// Its one activation is what claims its deliveries. They are sent in a one-shot timer, outside any call, which is set again for
/// the next retry; <see cref="WebhookWatch"/> rings for what a crash or an idle activation's end has left.
/// </remarks>
[GrainType("webhook")]
internal sealed partial class WebhookGrain : Grain, IWebhookGrain, IWebhookDeliveries
{
    /// <summary>How long a test waits for its first attempt.</summary>
    internal static readonly TimeSpan TestTime = TimeSpan.FromSeconds(15);

    /// <summary>After a failure of the database.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly IPersistentState<WebhookState> _state;
    private readonly IWebhookStore _store;
    private readonly IEventLog _events;
    private readonly EgressPolicy _policy;
    private readonly ISecretProtector _protector;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<WebhookGrain> _logger;
    private readonly DeliveryLoop _loop;

    /// <summary>Tests that wait for the first attempt, by their event's id.</summary>
    private readonly Dictionary<string, TaskCompletionSource> _tests = new(StringComparer.Ordinal);

    /// <summary>What is durable. Reads interleave with changes, and must not see what may yet fail.</summary>
    private WebhookState _current = new();

    private WebhookTarget? _target;
    private IGrainTimer? _timer;

    /// <summary>While the timer's work is under way: ends it.</summary>
    private CancellationTokenSource? _working;

    /// <summary>It was rung since the timer's work began.</summary>
    private bool _again;

    public WebhookGrain(
        [PersistentState(StateNames.Webhook, StateStorage.Provider)] IPersistentState<WebhookState> state,
        DeliveryLoops loops,
        IWebhookStore store,
        IEventLog events,
        EgressPolicy policy,
        ISecretProtector protector,
        IOptions<WebhookOptions> options,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        ILogger<WebhookGrain> logger)
    {
        (_state, _store, _events, _policy, _protector) = (state, store, events, policy, protector);
        (_options, _time, _lifetime, _logger) = (options.Value, time, lifetime, logger);
        Key = WebhookKey.Parse(this.GetPrimaryKeyString());
        _loop = loops.Create(Key, eventId => _tests.GetValueOrDefault(eventId)?.TrySetResult());
    }

    private static Problem DeliveryNotFound { get; } = Problem.NotFound("deliveryId", Reasons.DeliveryNotFound);

    private WebhookKey Key { get; }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _current = _state.State;
        return Task.CompletedTask;
    }

    public async Task<WebhookChanged> Create(CreateWebhook request, CancellationToken cancellationToken)
    {
        if (_current.Exists()) return new WebhookChanged(await DescribeAsync(cancellationToken), null);
        if (WebhookSecret.KeyOf(request.Secret) is null) return Refused(Problem.Invalid("secret", WebhookReasons.Secret));
        if (EgressPolicy.Parse(request.Url, "url", out var url) is { } wrong) return Refused(wrong);
        if (await _policy.CheckAsync(url, "url", cancellationToken) is { } refused) return Refused(refused);
        // The first use of the keys reads the database and blocks.
        var secret = await Task.Run(() => _protector.Protect(new SecretPurpose(Key.Tenant, SecretKind.Webhook), request.Secret), cancellationToken);
        var now = _time.GetUtcNow();
        if (!await _store.AddAsync(Key, request.Event, now, _options.MaxWebhooks, CancellationToken.None))
            return Refused(Problem.Conflict(WebhookReasons.TooMany(_options.MaxWebhooks)));
        await WriteAsync(new WebhookState { CreatedAt = now, Event = request.Event, Url = request.Url.Trim(), Secret = secret, Enabled = true });
        LogCreated(Key.WebhookId, Key.Tenant.Value);
        return new WebhookChanged(Describe(_current, pending: 0), null);
    }

    public async Task<WebhookInfo?> Get(CancellationToken cancellationToken) => _current.Exists() ? await DescribeAsync(cancellationToken) : null;

    public async Task<WebhookInfo?> Confirm(CancellationToken cancellationToken)
    {
        if (_current.Exists()) return await DescribeAsync(cancellationToken);
        await _store.RemoveAsync(Key, CancellationToken.None);
        return null;
    }

    public async Task<bool> Delete(CancellationToken cancellationToken)
    {
        var existed = _current.Exists();
        if (existed) await WriteAsync(new WebhookState());
        await _store.RemoveAsync(Key, CancellationToken.None);
        if (!existed) return false;
        LogDeleted(Key.WebhookId, Key.Tenant.Value);
        if (_working is not null) await _working.CancelAsync();
        // Its deliveries go in the background.
        await Deliver();
        return true;
    }

    public async Task Disable()
    {
        if (!_current.Enabled) return;
        await WriteAsync(_current with { Enabled = false, DisabledReason = WebhookInfo.Gone });
        LogDisabled(Key.WebhookId, Key.Tenant.Value);
    }

    public async Task<WebhookDeliveryPage> ListDeliveries(int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (!_current.Exists()) return new WebhookDeliveryPage { Problem = Problem.NotFound("webhookId", Reasons.WebhookNotFound) };
        var below = long.MaxValue;
        if (cursor is not null && !long.TryParse(
            TextCursor.Read(TextListKind.WebhookDeliveries, cursor), NumberStyles.None, CultureInfo.InvariantCulture, out below))
        {
            return new WebhookDeliveryPage { Problem = Problem.Invalid("cursor", Reasons.InvalidCursor) };
        }

        var rows = await _store.ListDeliveriesAsync(Key, below, limit + 1, cancellationToken);
        var page = rows.Take(limit).ToArray();
        return new WebhookDeliveryPage
        {
            Deliveries = page.Select(row => Describe(row)).ToArray(),
            NextCursor = rows.Count > limit ? TextCursor.Write(TextListKind.WebhookDeliveries, page[^1].Seq.ToString(CultureInfo.InvariantCulture)) : null,
        };
    }

    public async Task<WebhookDeliveryResult> FindDelivery(string deliveryId, CancellationToken cancellationToken)
    {
        if (!_current.Exists()) return Refusal(Problem.NotFound("webhookId", Reasons.WebhookNotFound));
        if (DeliveryIds.SeqOf(deliveryId) is not { } seq || await _store.FindDeliveryAsync(Key, seq, cancellationToken) is not { } row) return Refusal(DeliveryNotFound);
        var payload = await _events.FindAsync(Key.Tenant, seq, cancellationToken) is { } told ? new JsonPayload(WebhookMessage.Of(told)) : default;
        return new WebhookDeliveryResult(Describe(row) with { Payload = payload }, null);
    }

    public async Task<WebhookDeliveryResult> Replay(string deliveryId, CancellationToken cancellationToken)
    {
        if (Objection() is { } objection) return Refusal(objection);
        if (DeliveryIds.SeqOf(deliveryId) is not { } seq || !await _store.ReplayAsync(Key, seq, _time.GetUtcNow(), CancellationToken.None))
            return Refusal(DeliveryNotFound);
        var row = await _store.FindDeliveryAsync(Key, seq, CancellationToken.None);
        await Deliver();
        return row is null ? Refusal(DeliveryNotFound) : new WebhookDeliveryResult(Describe(row), null);
    }

    public async Task<WebhookDeliveryResult> Test(CancellationToken cancellationToken)
    {
        if (Objection() is { } objection) return Refusal(objection);
        var began = _time.GetTimestamp();
        var head = await _events.FindHeadAsync(Key.Tenant, cancellationToken);
        var told = new OutboxEntry(EventIds.New(), EventTypes.WebhookTest, WebhookMessage.TestData(Key.WebhookId));
        var attempted = _tests[told.EventId] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _events.AddAsync(Key.Tenant, told, Key.WebhookId, _time.GetUtcNow(), CancellationToken.None);
            await GrainFactory.GetTenantEvents(new TenantEventsKey(Key.Tenant)).Advance(CancellationToken.None);
            var left = TestTime - _time.GetElapsedTime(began);
            if (left > TimeSpan.Zero) await attempted.Task.WaitAsync(left, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It is shown as it is.
        }
        finally
        {
            _tests.Remove(told.EventId);
        }

        return await _store.FindDeliveryAsync(Key, told.EventId, head, cancellationToken) is { } row
            ? new WebhookDeliveryResult(Describe(row), null)
            : Refusal(Problem.Internal(503, WebhookReasons.NotNumbered, (int)RetryAfter.TotalSeconds));
    }

    public Task Deliver()
    {
        _again = true;
        _loop.Ring();
        if (_working is null) Schedule(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    private static WebhookChanged Refused(Problem problem) => new(null, problem);

    private static WebhookDeliveryResult Refusal(Problem problem) => new(null, problem);

    private static WebhookDelivery Describe(WebhookDeliveryState row) => new()
    {
        DeliveryId = DeliveryIds.Of(row.Seq),
        EventId = row.EventId,
        Event = row.Type,
        Status = row.Status,
        Attempts = row.Attempts,
        CreatedAt = row.CreatedAt,
        LastAttemptAt = row.AttemptedAt,
        NextAttemptAt = row.NextAt,
        ResponseStatus = row.ResponseStatus,
        ResponseBody = row.ResponseBody,
        Error = Enum.TryParse<DeliveryFailure>(row.Error, out var failure) ? WebhookReasons.Of(failure, row.ResponseStatus) : null,
    };

    private async Task<WebhookInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        // It may be changed while its deliveries are counted.
        var described = _current;
        // What waits for a disabled one is being ended.
        return Describe(described, described.Enabled ? await _store.CountPendingAsync(Key, cancellationToken) : 0);
    }

    private WebhookInfo Describe(WebhookState state, long pending) => new()
    {
        WebhookId = Key.WebhookId,
        Event = state.Event,
        Url = state.Url,
        CreatedAt = state.CreatedAt!.Value,
        Enabled = state.Enabled,
        DisabledReason = state.DisabledReason,
        Pending = pending,
    };

    /// <summary>What stands against sending something now.</summary>
    private Problem? Objection()
    {
        if (!_current.Exists()) return Problem.NotFound("webhookId", Reasons.WebhookNotFound);
        return _current.Enabled ? null : Problem.Conflict(WebhookReasons.Disabled);
    }

    private async Task WriteAsync(WebhookState next)
    {
        await _state.WriteAsync(next, this);
        (_current, _target) = (next, null);
    }

    private void Schedule(TimeSpan due)
    {
        if (_timer is null) _timer = this.RegisterGrainTimer(RunAsync, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        else _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_working is not null) return;
        using var working = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _lifetime.ApplicationStopping);
        (_working, _again) = (working, false);
        TimeSpan? due = null;
        try
        {
            if (await WorkAsync(working.Token) is { } next) due = next - _time.GetUtcNow();
        }
        catch (OperationCanceledException) when (working.IsCancellationRequested)
        {
            // It was deleted, or the silo stops and another one goes on.
        }
        catch (Exception failure)
        {
            LogFailed(failure, Key.WebhookId, Key.Tenant.Value, RetryAfter);
            (_again, due) = (false, RetryAfter);
        }
        finally
        {
            _working = null;
        }

        if (cancellationToken.IsCancellationRequested || _lifetime.ApplicationStopping.IsCancellationRequested) return;
        if (_again || due <= TimeSpan.Zero) due = TimeSpan.Zero;
        if (due is { } wait) Schedule(wait);
    }

    /// <summary>Does what is to be done. When there is more, or null.</summary>
    private async Task<DateTimeOffset?> WorkAsync(CancellationToken cancellationToken)
    {
        // Asked as a call, it waits for a creation that is under way.
        if (!_current.Exists() && await this.AsReference<IWebhookGrain>().Confirm(cancellationToken) is null)
        {
            while (await _store.RemoveSomeDeliveriesAsync(Key, cancellationToken)) cancellationToken.ThrowIfCancellationRequested();
            return null;
        }

        if (_current.Enabled)
        {
            var end = await _loop.RunAsync(await TargetAsync(), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            // What it was rung for meanwhile it has looked for.
            _again = _loop.IsRung;
            if (!end.IsGone) return end.NextAt;
            // As a call too: it is one change after the other.
            await this.AsReference<IWebhookDeliveries>().Disable();
        }

        // Events make no more deliveries to it before those that wait are ended; a crash in between leaves this to the next ring.
        await _store.DisableAsync(Key, CancellationToken.None);
        while (await _store.FailSomeAsync(Key, nameof(DeliveryFailure.Disabled), cancellationToken)) cancellationToken.ThrowIfCancellationRequested();
        return null;
    }

    private async Task<WebhookTarget> TargetAsync() => _target ??= await Task.Run(() => Read(_protector, Key, _current));

    /// <remarks>Blocks: the first use of the keys reads the database.</remarks>
    private static WebhookTarget Read(ISecretProtector protector, WebhookKey key, WebhookState state) => new(
        new Uri(state.Url), WebhookSecret.KeyOf(protector.Unprotect(new SecretPurpose(key.Tenant, SecretKind.Webhook), state.Secret))!);

    [LoggerMessage(8201, LogLevel.Information, "The webhook {Webhook} of the tenant {Tenant} was created")]
    private partial void LogCreated(string webhook, string tenant);

    [LoggerMessage(8202, LogLevel.Information, "The webhook {Webhook} of the tenant {Tenant} was deleted")]
    private partial void LogDeleted(string webhook, string tenant);

    [LoggerMessage(8203, LogLevel.Information, "The webhook {Webhook} of the tenant {Tenant} was disabled: its receiver answered 410")]
    private partial void LogDisabled(string webhook, string tenant);

    [LoggerMessage(8205, LogLevel.Warning, "Delivering to the webhook {Webhook} of the tenant {Tenant} failed; it goes on in {Wait}")]
    private partial void LogFailed(Exception exception, string webhook, string tenant, TimeSpan wait);
}
