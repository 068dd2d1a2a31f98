using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>What has happened on a session's stream since its reader looked last.</summary>
/// <param name="Batches">What came, oldest first. Not complete when <paramref name="Ring"/> is set.</param>
/// <param name="Ring">Something may have been missed: read the log again.</param>
/// <param name="Gone">The session exists no more.</param>
internal readonly record struct SessionStreamSignal(IReadOnlyList<FrameBatch> Batches, bool Ring, bool Gone);
