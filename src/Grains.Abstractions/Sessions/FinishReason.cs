namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>Values of <c>finishReason</c> on the wire and in the log.</summary>
public static class FinishReason
{
    /// <summary>The model came to an end.</summary>
    public const string Stop = "stop";

    /// <summary>The model reached its output limit.</summary>
    public const string Length = "length";

    /// <summary>The provider withheld the answer.</summary>
    public const string ContentFilter = "content_filter";

    /// <summary>Cancelled by a caller, by <c>interrupt</c> or by <c>rollback</c>.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The turn used its 50 steps.</summary>
    public const string MaxSteps = "max_steps";

    /// <summary>The turn used its 30 minutes.</summary>
    public const string Timeout = "timeout";

    /// <summary>The turn has not ended: it waits for somebody's approval. Told to whoever waits for its answer, in no log.</summary>
    public const string Approval = "approval";

    /// <summary>The turn failed; an <c>error</c> frame says why.</summary>
    public const string Error = "error";
}
