namespace OpenClaw.Testing.Audits;

/// <summary>The ways in which a session can break what <c>docs/durability.md</c> promises.</summary>
public enum FindingKind
{
    /// <summary>A message was acknowledged, or its frame is replayed, and it does not stand in the history.</summary>
    MessageLost,

    /// <summary>A message that was sent under one idempotency key stands in the history more than once.</summary>
    MessageRepeated,

    /// <summary>The history holds a message that nobody sent.</summary>
    MessageInvented,

    /// <summary>A message of the history has no turn, or more than one.</summary>
    TurnsOfMessage,

    /// <summary>A turn has no end.</summary>
    TurnWithoutEnd,

    /// <summary>A turn has more than one end, or says something after it.</summary>
    TurnGoesOnAfterItsEnd,

    /// <summary>A turn has ended otherwise than with a whole answer.</summary>
    TurnFailed,

    /// <summary>A client was told of another turn or answer than the one that stands.</summary>
    AnswerOfAnother,

    /// <summary>A turn's end names an answer that the history does not hold, or that another turn has named.</summary>
    AnswerMissing,

    /// <summary>The history holds an answer that no turn's end names.</summary>
    AnswerRepeated,

    /// <summary>An answer in the history differs from what its turn's frames say.</summary>
    AnswerDiffers,

    /// <summary>Seqs are missing where no turn recovers.</summary>
    Gap,

    /// <summary>One seq was two different frames.</summary>
    SeqReused,

    /// <summary>A reader got a frame for a second time.</summary>
    FrameRepeated,

    /// <summary>A reader got a frame after a later one.</summary>
    FrameOutOfOrder,

    /// <summary>A frame that somebody saw is gone, and no turn that recovered has replaced it.</summary>
    FrameLost,

    /// <summary>A recovering turn starts again from no frame, or from one that is still to come.</summary>
    RecoveryOutOfBounds,

    /// <summary>A tool that is not idempotent was run more than once for one call.</summary>
    ToolRunTwice,

    /// <summary>The model was told that a tool has run, or a client was, and it has not; or the other way round.</summary>
    ToolNotRun,

    /// <summary>A tool was run that no message asked for.</summary>
    ToolInvented,

    /// <summary>The model was asked more often than the turn has steps, or never gave the answer that the turn has.</summary>
    ModelCalls,

    /// <summary>The tokens of a turn or of a tenant are not those that the model counted.</summary>
    UsageDiffers,

    /// <summary>The same request under the same idempotency key got another answer.</summary>
    ReplayDiffers,

    /// <summary>A message got no answer in time, or one that the contract does not allow.</summary>
    NotAnswered,
}
