using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Sessions;

/// <summary>Refusals that several calls of a session share.</summary>
internal static class SessionProblems
{
    public static Problem NotFound { get; } = Problem.NotFound("sessionId", Reasons.SessionNotFound);

    public static Problem Unavailable { get; } = Problem.Internal(503, Reasons.StorageUnavailable, retryAfterSeconds: 1);
}
