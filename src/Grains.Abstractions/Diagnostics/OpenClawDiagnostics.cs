using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OpenClaw.Grains.Abstractions.Diagnostics;

/// <summary>The one meter and the one activity source of the product. No ids as metric tags.</summary>
public static class OpenClawDiagnostics
{
    public const string Name = "OpenClaw";

    public static readonly ActivitySource Activities = new(Name);

    public static readonly Meter Meter = new(Name);
}
