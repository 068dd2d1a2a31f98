namespace OpenClaw.Storage.Sessions;

/// <summary>What older messages said, for the model; the log keeps them all.</summary>
/// <param name="UntilSeq">Messages up to this seq are in the summary.</param>
/// <param name="Text">The summary.</param>
/// <param name="At">Millisecond precision, UTC.</param>
public sealed record SessionSummaryState(long UntilSeq, string Text, DateTimeOffset At);
