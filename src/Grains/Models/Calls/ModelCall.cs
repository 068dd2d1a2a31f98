using System.Diagnostics;
using OpenClaw.Grains.Abstractions.Diagnostics;
using OpenClaw.Grains.Models.Providers;

namespace OpenClaw.Grains.Models.Calls;

/// <summary>
/// One step as traces and metrics see it, with all its attempts. Tags follow OpenTelemetry's conventions for generative AI;
/// no content is in them.
/// </summary>
internal sealed class ModelCall : IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly Activity? _activity;
    private ModelProvider _provider;
    private string _outcome = "cancelled";
    private bool _spoke;

    public ModelCall(TimeProvider time, ModelProvider provider, string model)
    {
        _time = time;
        _provider = provider;
        _startedAt = time.GetTimestamp();
        _activity = OpenClawDiagnostics.Activities.StartActivity("model.call", ActivityKind.Client);
        _activity?.SetTag("gen_ai.operation.name", "chat");
        _activity?.SetTag("gen_ai.provider.name", provider.Name);
        _activity?.SetTag("gen_ai.request.model", model);
    }

    public void Spoke()
    {
        if (_spoke) return;
        _spoke = true;
        ModelMetrics.TimeToFirstToken.Record(_time.GetElapsedTime(_startedAt).TotalSeconds, _provider.Tag);
    }

    public void FallBack(ModelProvider provider)
    {
        _provider = provider;
        ModelMetrics.Fallbacks.Add(1, provider.Tag);
        _activity?.SetTag("gen_ai.provider.name", provider.Name);
    }

    public void Succeed(ModelFinished finished)
    {
        _outcome = "succeeded";
        _activity?.SetTag("gen_ai.response.model", finished.Model);
        _activity?.SetTag("gen_ai.response.finish_reasons", new[] { finished.FinishReason });
        _activity?.SetTag("gen_ai.usage.input_tokens", finished.Usage.InputTokens);
        _activity?.SetTag("gen_ai.usage.output_tokens", finished.Usage.OutputTokens);
    }

    public void Fail(ModelFailure failure)
    {
        _outcome = "failed";
        _activity?.SetTag("error.type", failure.Tag);
        _activity?.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose()
    {
        ModelMetrics.Duration.Record(_time.GetElapsedTime(_startedAt).TotalSeconds, _provider.Tag);
        ModelMetrics.Calls.Add(1, _provider.Tag, new KeyValuePair<string, object?>("outcome", _outcome));
        _activity?.Dispose();
    }
}
