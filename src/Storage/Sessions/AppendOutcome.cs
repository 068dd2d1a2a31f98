namespace OpenClaw.Storage.Sessions;

/// <summary>What became of an append.</summary>
public enum AppendOutcome
{
    /// <summary>Durable. Also the answer to an append that is repeated under its own id.</summary>
    Written,

    /// <summary>Another activation has written since: this one must step down. Nothing was written.</summary>
    Fenced,

    /// <summary>The session was deleted. Nothing was written.</summary>
    Deleted,

    /// <summary>The idempotency key is taken. Nothing was written: look it up.</summary>
    DuplicateKey,
}
