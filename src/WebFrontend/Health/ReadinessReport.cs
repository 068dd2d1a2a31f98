using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Health;

/// <summary>Whether this process can serve, and if not, why.</summary>
/// <param name="Status"><c>ready</c>, <c>starting</c>, <c>stopping</c> or <c>unavailable</c>.</param>
/// <param name="Silo"><c>ok</c>, <c>starting</c> (not reached yet), <c>stopping</c> or <c>lost</c>.</param>
/// <param name="Database"><c>ok</c>, <c>lost</c>, or <c>unknown</c> where no silo could be asked.</param>
internal sealed record ReadinessReport(string Status, string Silo, string Database)
{
    public static ReadinessReport Ready { get; } = new("ready", "ok", "ok");

    public static ReadinessReport DatabaseLost { get; } = new("unavailable", "ok", "lost");

    public static ReadinessReport SiloLost { get; } = new("unavailable", "lost", "unknown");

    public static ReadinessReport Starting { get; } = new("starting", "starting", "unknown");

    public static ReadinessReport Stopping { get; } = new("stopping", "stopping", "unknown");

    public bool IsReady => this == Ready;

    /// <summary>What a caller is told beside the checks.</summary>
    public Problem Problem => Problem.Internal(
        503,
        RequestReasons.NotReady(this == DatabaseLost ? "the database is lost" : this == SiloLost ? "the silo is lost" : Status),
        1);
}
