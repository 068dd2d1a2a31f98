using System.Diagnostics.Metrics;
using OpenClaw.Grains.Abstractions.Diagnostics;

namespace OpenClaw.Grains.Models;

/// <summary>Metrics of model calls, tagged with the provider: model names are the callers' and have no bound.</summary>
internal static class ModelMetrics
{
    public static readonly Counter<long> Calls =
        OpenClawDiagnostics.Meter.CreateCounter<long>("model.calls", "{call}", "Steps asked of models, by provider and outcome.");

    public static readonly Counter<long> Errors =
        OpenClawDiagnostics.Meter.CreateCounter<long>("model.errors", "{attempt}", "Failed attempts, by provider and kind.");

    public static readonly Counter<long> Retries =
        OpenClawDiagnostics.Meter.CreateCounter<long>("model.retries", "{attempt}", "Attempts made anew, by provider.");

    public static readonly Counter<long> Fallbacks =
        OpenClawDiagnostics.Meter.CreateCounter<long>("model.fallbacks", "{call}", "Times a fallback model was asked, by its provider.");

    public static readonly Histogram<double> TimeToFirstToken =
        OpenClawDiagnostics.Meter.CreateHistogram<double>("model.time_to_first_token", "s", "From a call's start to its first text.");

    public static readonly Histogram<double> Duration =
        OpenClawDiagnostics.Meter.CreateHistogram<double>("model.duration", "s", "From a call's start to its end.");
}
