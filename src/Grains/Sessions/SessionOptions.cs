using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Grains.Sessions;

/// <summary>Limits of sessions and turns. Section <c>OpenClaw:Sessions</c>.</summary>
public sealed class SessionOptions
{
    public const string Section = "OpenClaw:Sessions";

    /// <summary>Model calls in one turn; a turn that used them ends with <c>max_steps</c>.</summary>
    [Range(1, 1000)]
    public int MaxSteps { get; set; } = 50;

    /// <summary>A turn's own time, waiting not counted; a turn that used it ends with <c>timeout</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxTurnTime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Messages that wait behind a running turn; one more is refused with 409.</summary>
    [Range(1, 10_000)]
    public int MaxWaiting { get; set; } = 100;

    /// <summary>One tool call's time; a call that exceeds it has failed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ToolTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What the model is shown of a tool's answer, in characters; a longer one is kept in the workspace.</summary>
    [Range(256, 1_000_000)]
    public int MaxToolResultCharacters { get; set; } = 16 * 1024;

    /// <summary>How long a tool call waits for somebody's approval; then it is denied.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan ApprovalTime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Turns of the history that reach the model word by word. With more, the older half is summarised by the model
    /// itself, so a higher number costs tokens on each turn and a lower one a summary more often.
    /// </summary>
    [Range(2, 1000)]
    public int RecentTurns { get; set; } = 40;

    /// <summary>Share of the model's window that prompts may fill before the older half of the history is summarised, in percent.</summary>
    [Range(10, 90)]
    public int CompactAtPercent { get; set; } = 75;

    /// <summary>
    /// How long running turns may take to reach a step boundary when the process stops; what runs then is cut and asked
    /// again. An embedded server does not wait unless it is told to, since it has nowhere to hand a turn over to.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Memory for the recent history of active sessions in this process, in MiB; beyond it a turn reads its history from the database.</summary>
    [Range(1, 65_536)]
    public int HistoryCacheMiB { get; set; } = 64;

    /// <summary>The system prompt of a session that has none.</summary>
    public string SystemPrompt { get; set; } =
        "You are OpenClaw, a helpful assistant. Answer in the language of the question.";
}
