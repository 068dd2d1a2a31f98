using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Models.Calls;
using OpenClaw.Grains.Models.Providers;
using OpenClaw.Grains.Scheduling;

namespace OpenClaw.Grains.Models;

/// <summary>Asks the model that serves a name, again when that may help, and its fallbacks when it does not.</summary>
internal sealed class ModelGateway(
    ModelRouter router,
    ModelProviders providers,
    IOptions<ModelOptions> options,
    TimeProvider time,
    ILogger<ModelGateway> logger) : IModelGateway
{
    private readonly ModelOptions _options = options.Value;
    private readonly RetrySchedule _schedule = new(options.Value);

    public ModelRoute Route(string? requested) => router.Route(requested);

    public async IAsyncEnumerable<ModelUpdate> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var route = router.Route(request.Model);
        if (route.Problem is { } problem) throw new ModelException(problem);
        var deadline = time.GetTimestamp() + AttemptWatch.ToTimestamp(time, _options.CallTimeout);
        var fallbacks = router.FallbacksOf(route.Model);
        var provider = providers[router.ProviderOf(route.Model)];
        using var call = new ModelCall(time, provider, route.ServedBy);
        var model = route.ServedBy;
        for (var candidate = 0; ; candidate++)
        {
            ModelFailure? failure = null;
            for (var retry = 0; ; retry++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var waitsFrom = time.GetTimestamp();
                using (await TakeSlotAsync(provider, request, cancellationToken))
                {
                    deadline += time.GetTimestamp() - waitsFrom;
                    if (!provider.Circuits.TryEnter(model, out var pause))
                    {
                        failure ??= new ModelFailure(FailureKind.CircuitOpen, ModelProblems.CircuitOpen(provider, pause));
                        break;
                    }

                    await PassGateAsync(provider, model, request);
                    await using var attempt = Start(provider, model, request, deadline, cancellationToken);
                    while (await attempt.ReadTextAsync() is { } text)
                    {
                        call.Spoke();
                        yield return new ModelText(text);
                    }

                    failure = attempt.Failure;
                    if (failure is null)
                    {
                        foreach (var toolCall in attempt.ReadCalls()) yield return toolCall;
                        var finished = new ModelFinished(attempt.FinishReason, attempt.ReadUsage(), model);
                        call.Succeed(finished);
                        yield return finished;
                        yield break;
                    }

                    Report(provider, model, failure, attempt.CircuitOpened);
                    if (attempt.HasSpoken) throw GiveUp(call, provider, failure);
                }

                var left = time.GetElapsedTime(time.GetTimestamp(), deadline);
                if (_schedule.Next(retry, failure, left, Jitter()) is not { } delay) break;
                ModelMetrics.Retries.Add(1, provider.Tag);
                logger.Retrying(failure.LoggedCause, provider.Name, failure.Tag, retry + 2, delay);
                await Task.Delay(delay, time, cancellationToken);
            }

            if (!failure.MayFallBack || candidate >= fallbacks.Count || time.GetTimestamp() >= deadline)
                throw GiveUp(call, provider, failure);
            logger.FallingBack(failure.LoggedCause, provider.Name, failure.Tag, fallbacks[candidate]);
            model = router.Route(fallbacks[candidate]).ServedBy;
            provider = providers[router.ProviderOf(model)];
            call.FallBack(provider);
        }
    }

    /// <summary>A slot for one attempt: while a retry waits, others have it.</summary>
    private static async ValueTask<FairSlot> TakeSlotAsync(ModelProvider provider, ModelRequest request, CancellationToken cancellationToken)
    {
        if (provider.Slots.TryAcquire(request.Tenant, out var slot)) return slot;
        if (request.Gate is { } gate) await gate.OnWaitingAsync();
        return await provider.Slots.AcquireAsync(request.Tenant, cancellationToken);
    }

    /// <summary>A request that its asker stops may have been the one that was to probe the provider.</summary>
    private static async ValueTask PassGateAsync(ModelProvider provider, string model, ModelRequest request)
    {
        if (request.Gate is not { } gate) return;
        try
        {
            await gate.OnAskingAsync();
        }
        catch
        {
            provider.Circuits.ReportAbandoned(model);
            throw;
        }
    }

    /// <summary>Spreads retries; nothing secret depends on it.</summary>
    private static double Jitter()
    {
#pragma warning disable CA5394 // Random spreads load here.
        return Random.Shared.NextDouble();
#pragma warning restore CA5394
    }

    private ModelAttempt Start(
        ModelProvider provider, string model, ModelRequest request, long deadline, CancellationToken cancellationToken)
    {
        var watch = new AttemptWatch(
            time, _options.Streaming ? _options.FirstTokenTimeout : null, _options.IdleTimeout, deadline, cancellationToken);
        return new ModelAttempt(provider, model, request, _options.Streaming, watch, cancellationToken);
    }

    private void Report(ModelProvider provider, string model, ModelFailure failure, bool circuitOpened)
    {
        ModelMetrics.Errors.Add(1, provider.Tag, new KeyValuePair<string, object?>("error.type", failure.Tag));
        if (!circuitOpened) return;
        if (failure.Kind is FailureKind.Unreachable) logger.CircuitOpened(provider.Name, _options.CircuitBreaker.OpenFor);
        else logger.CircuitOpened(provider.Name, model, _options.CircuitBreaker.OpenFor);
    }

    private ModelException GiveUp(ModelCall call, ModelProvider provider, ModelFailure failure)
    {
        call.Fail(failure);
        // A refused request is the caller's to change and no news for the operator.
        if (failure.Kind is not FailureKind.Refused) logger.GaveUp(failure.LoggedCause, provider.Name, failure.Tag);
        return failure.ToException();
    }
}
