using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Approvals;

namespace OpenClaw.Grains.Sessions.State;

/// <summary>What runs and what waits in a session; stored with the session's row, changed with its log.</summary>
internal sealed record MailboxState
{
    public static MailboxState Empty { get; } = new();

    public TurnState? Running { get; init; }

    public TurnState[] Waiting { get; init; } = [];

    /// <summary>What the session's tools may do beside what its tenant says; null: everything.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ToolRuleState[]? ToolPolicy { get; init; }

    /// <summary>Digests of calls that were allowed for good, oldest first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string[]? Allowed { get; init; }

    /// <summary>Requests that were answered lately, oldest first: the first answer is remembered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public AnsweredState[]? Answered { get; init; }

    /// <summary>Messages accepted lately whose callers may hand them over again.</summary>
    /// <remarks>Mailboxes of the first version have none; the generated reader sets what it does not find to null.</remarks>
    public DeliveryState[] Deliveries { get; init => field = value ?? []; } = [];
}

/// <summary>A message that was accepted, by the name that its caller gave it.</summary>
internal sealed record DeliveryState
{
    public required string Id { get; init; }

    public required string TurnId { get; init; }

    public required string MessageId { get; init; }

    public required long Seq { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long At { get; init; }
}

/// <summary>A request that was answered.</summary>
internal sealed record AnsweredState(string Id, string Tool, ApprovalDecision Decision);

/// <summary>A call of the running turn that somebody was asked about.</summary>
internal sealed record ApprovalState
{
    public required string Id { get; init; }

    /// <summary>Of its event, which holds the arguments.</summary>
    public required long Seq { get; init; }

    public required string Tool { get; init; }

    /// <summary>Of the tool and the arguments that the answer holds for.</summary>
    public required string Digest { get; init; }

    /// <summary>The step and the call in it.</summary>
    public required int Step { get; init; }

    public required string CallId { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long AskedAt { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>Null while nobody has answered.</summary>
    public ApprovalDecision? Decision { get; init; }
}

/// <summary>A turn that runs or waits.</summary>
internal sealed record TurnState
{
    public required string TurnId { get; init; }

    /// <summary>Its first message's seq.</summary>
    public required long FirstSeq { get; init; }

    /// <summary>Its messages, merged and steered ones included.</summary>
    public int Messages { get; init; } = 1;

    /// <summary>What all its senders may do.</summary>
    public Scopes Scopes { get; init; }

    /// <summary>The API key of its first message's sender; null when it is not known.</summary>
    public string? KeyId { get; init; }

    /// <summary>Seqs of steered messages that no step has taken up yet.</summary>
    public IReadOnlyList<long> Steered { get; init; } = [];

    /// <summary>Unix milliseconds of its first start; 0 while it waits.</summary>
    public long StartedAt { get; init; }

    /// <summary>The model it was started with.</summary>
    public string? Model { get; init; }

    /// <summary>Its own time up to the last checkpoint, in milliseconds.</summary>
    public long SpentMilliseconds { get; init; }

    /// <summary>Model calls begun up to the last checkpoint.</summary>
    public int Step { get; init; }

    public TurnEnding Ending { get; init; }

    /// <summary>It waits for a slot: no model is being asked for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Waits { get; init; }

    /// <summary>Calls that somebody was asked about, until they have a result; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ApprovalState[]? Approvals { get; init; }

    /// <summary>The id that its answer will have, once a client was told of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? MessageId { get; init; }

    /// <summary>What its completed calls used, and those that a crash cut, up to the last checkpoint; null before the first.</summary>
    public UsageState? Used { get; init; }

    /// <summary>W3C trace parent of the request that asked for it, when it was traced.</summary>
    public string? Trace { get; init; }
}

/// <summary>What a turn used up to a checkpoint; it is in the tenant's usage by then.</summary>
internal sealed record UsageState(long InputTokens, long OutputTokens, bool Estimated);

/// <summary>How a turn was told to end. Stored as a number: the values are for good.</summary>
internal enum TurnEnding
{
    None = 0,

    /// <summary>Stop and keep what was said.</summary>
    Cancel = 1,

    /// <summary>Stop and undo the turn with its messages.</summary>
    Rollback = 2,
}
