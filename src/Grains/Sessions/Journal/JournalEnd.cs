namespace OpenClaw.Grains.Sessions.Journal;

/// <summary>Why a journal takes nothing any more.</summary>
internal enum JournalEnd
{
    /// <summary>Another activation has written: this one steps down.</summary>
    Fenced,

    /// <summary>The activation ends with everything written; the session goes on in the next one.</summary>
    Deactivated,

    /// <summary>The session was deleted.</summary>
    Deleted,

    /// <summary>The database did not answer: what it has written is unknown until it is read again.</summary>
    Broken,
}
