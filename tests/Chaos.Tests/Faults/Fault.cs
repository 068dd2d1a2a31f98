namespace OpenClaw.Chaos.Tests.Faults;

/// <summary>A fault that happened.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Target">The process that it befell.</param>
/// <param name="From">When it began.</param>
/// <param name="Length">How long it lasts; zero for what is over at once and leaves the rest to the cluster.</param>
internal sealed record Fault(FaultKind Kind, string Target, DateTimeOffset From, TimeSpan Length)
{
    public override string ToString() => $"{From:HH:mm:ss.fff} {Kind} {Target}";
}
