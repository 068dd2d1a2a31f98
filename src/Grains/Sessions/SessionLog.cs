using Microsoft.Extensions.Logging;

namespace OpenClaw.Grains.Sessions;

/// <summary>Log messages of sessions: event ids 1000 to 1099. No content.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(1000, LogLevel.Information,
        "Turn {TurnId} of {Session} ended: {FinishReason}, {Steps} steps, {Tokens} tokens, {Milliseconds} ms")]
    public static partial void TurnEnded(
        this ILogger logger, string turnId, string session, string finishReason, int steps, long tokens, long milliseconds);

    [LoggerMessage(1001, LogLevel.Warning, "Turn {TurnId} of {Session} goes on after it was cut; it restarts from {RestartFrom}")]
    public static partial void TurnRecovering(this ILogger logger, string turnId, string session, long restartFrom);

    [LoggerMessage(1002, LogLevel.Error, "Turn {TurnId} of {Session} failed unexpectedly")]
    public static partial void TurnFailed(this ILogger logger, Exception exception, string turnId, string session);

    [LoggerMessage(1003, LogLevel.Error, "Tool {Tool} failed unexpectedly in turn {TurnId} of {Session}")]
    public static partial void ToolFailed(this ILogger logger, Exception exception, string tool, string turnId, string session);

    [LoggerMessage(1004, LogLevel.Warning, "{Session} steps down: another activation has written to its log")]
    public static partial void SteppedDown(this ILogger logger, string session);

    [LoggerMessage(1005, LogLevel.Error, "{Session} steps down: the database did not take its append")]
    public static partial void StorageLost(this ILogger logger, string session);

    [LoggerMessage(1006, LogLevel.Warning, "The history of {Session} could not be summarised; it is tried again after the next turn")]
    public static partial void CompactionFailed(this ILogger logger, Exception exception, string session);

    [LoggerMessage(1007, LogLevel.Warning, "Looking for unfinished turns failed; it is tried again in {Seconds} s")]
    public static partial void WatchdogFailed(this ILogger logger, Exception exception, double seconds);

    [LoggerMessage(1008, LogLevel.Warning, "{Session} has an unfinished turn and could not be resumed; it is tried again")]
    public static partial void ResumeFailed(this ILogger logger, Exception exception, string session);

    [LoggerMessage(1009, LogLevel.Warning, "The reminder of {Grain}'s long turn could not be registered; the watchdog guards it alone")]
    public static partial void ReminderFailed(this ILogger logger, Exception exception, string grain);

    [LoggerMessage(1010, LogLevel.Warning, "The silo stops while {Running} turns still run here; they go on from their last checkpoint elsewhere")]
    public static partial void DrainIncomplete(this ILogger logger, int running);

    [LoggerMessage(1011, LogLevel.Information, "{Session} could not be woken in another silo; a watchdog finds it")]
    public static partial void HandoverFailed(this ILogger logger, Exception exception, string session);

    [LoggerMessage(1013, LogLevel.Warning, "The reminder of {Grain}'s ended turn could not be removed; it removes itself when it comes due")]
    public static partial void ReminderLeft(this ILogger logger, Exception exception, string grain);
}
