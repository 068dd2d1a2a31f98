namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>What happens to a message that arrives while a turn of its session runs.</summary>
[GenerateSerializer, Alias("OpenClaw.OverlapRule")]
public enum OverlapRule
{
    /// <summary>It waits for its turn.</summary>
    Enqueue,

    /// <summary>It is refused with 409.</summary>
    Reject,

    /// <summary>The running turn is cancelled and keeps what it said.</summary>
    Interrupt,

    /// <summary>The running turn is cancelled and its messages are undone.</summary>
    Rollback,

    /// <summary>The running turn takes it up at its next step.</summary>
    Steer,

    /// <summary>It joins the message that waits last; together they become one turn.</summary>
    Merge,
}
