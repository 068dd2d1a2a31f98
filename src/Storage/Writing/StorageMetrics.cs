using System.Diagnostics.Metrics;
using OpenClaw.Grains.Abstractions.Diagnostics;

namespace OpenClaw.Storage.Writing;

/// <summary>Instruments of the group commit.</summary>
internal static class StorageMetrics
{
    private static readonly Counter<long> Commits = OpenClawDiagnostics.Meter.CreateCounter<long>(
        "log.commits", "{commit}", "Transactions committed.");

    private static readonly Histogram<int> BatchSize = OpenClawDiagnostics.Meter.CreateHistogram<int>(
        "log.batch.size", "{write}", "Writes that shared a commit.");

    private static readonly Histogram<double> CommitDuration = OpenClawDiagnostics.Meter.CreateHistogram<double>(
        "log.commit.duration",
        "s",
        "From the begin of a transaction to its being durable.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
        });

    public static void RecordCommit(int writes, TimeSpan duration)
    {
        Commits.Add(1);
        BatchSize.Record(writes);
        CommitDuration.Record(duration.TotalSeconds);
    }
}
