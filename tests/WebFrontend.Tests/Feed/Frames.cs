using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.WebFrontend.Tests.Feed;

/// <summary>Frames as a session would number them.</summary>
internal static class Frames
{
    public static SessionFrame[] Text(long first, int count = 1, string turnId = "turn") =>
        [.. Enumerable.Range(0, count).Select(i => new SessionFrame(first + i, turnId, new TextFrame($"字{first + i}")))];

    public static SessionFrame[] Done(long seq, string turnId = "turn") =>
        [new SessionFrame(seq, turnId, new DoneFrame("message", TokenUsage.Zero, "stop"))];

    public static SessionFrame[] Recovering(long seq, long restartFrom, string turnId = "turn") =>
        [new SessionFrame(seq, turnId, new RecoveringFrame(restartFrom))];

    public static IEnumerable<long> Seqs(long first, int count) => Enumerable.Range(0, count).Select(i => first + i);
}
