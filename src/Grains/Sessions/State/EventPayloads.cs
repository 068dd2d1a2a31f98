using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Sessions.State;

/// <summary>Payload of a user's message.</summary>
internal sealed record MessageState
{
    public required string Id { get; init; }

    public required string Content { get; init; }

    public IReadOnlyList<AttachmentState>? Attachments { get; init; }

    public Scopes Scopes { get; init; }
}

internal sealed record AttachmentState(string Type, string Path);

/// <summary>Payload of a range of frames. Short names: there is one for each piece of text.</summary>
internal sealed record FrameState
{
    /// <summary><c>t</c> text, <c>c</c> code, <c>q</c> queued.</summary>
    [JsonPropertyName("k")]
    public required string Kind { get; init; }

    [JsonPropertyName("c")]
    public string? Content { get; init; }

    [JsonPropertyName("l")]
    public string? Language { get; init; }
}

/// <summary>Payload of a tool's intent. The first event of a step carries the step's answer, so that a recovery need not ask for it again.</summary>
internal sealed record ToolIntentState
{
    public required string CallId { get; init; }

    public required string Name { get; init; }

    public StepState? Step { get; init; }
}

/// <summary>Payload of a request for approval. The first event of a step carries the step's answer, be it this or an intent.</summary>
internal sealed record ApprovalRequestState
{
    public required string Id { get; init; }

    public required string Tool { get; init; }

    /// <summary>A JSON object.</summary>
    public required System.Text.Json.JsonElement Arguments { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public StepState? Step { get; init; }
}

/// <summary>What the model answered in one step that called tools.</summary>
internal sealed record StepState
{
    public required int Number { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<ToolCallState> Calls { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public bool Estimated { get; init; }
}

internal sealed record ToolCallState
{
    public required string CallId { get; init; }

    public required string Name { get; init; }

    /// <summary>As the model wrote it; need not be valid JSON.</summary>
    public required string Arguments { get; init; }

    /// <summary>What the tool answered; null while it has not.</summary>
    public string? Result { get; init; }
}

/// <summary>Payload of a tool's result.</summary>
internal sealed record ToolResultState
{
    public required string CallId { get; init; }

    public required string Name { get; init; }

    public required bool Succeeded { get; init; }

    public required string Content { get; init; }

    public IReadOnlyList<ActionState>? Actions { get; init; }
}

/// <summary><c>Fields</c> is a JSON object.</summary>
internal sealed record ActionState(string Type, System.Text.Json.JsonElement Fields);

/// <summary>Payload of a turn's end: the assistant's message.</summary>
internal sealed record DoneState
{
    public required string MessageId { get; init; }

    public required string Content { get; init; }

    public required string FinishReason { get; init; }

    public IReadOnlyList<ActionState>? Actions { get; init; }

    /// <summary>Steps that called tools, for the prompts of later turns.</summary>
    public IReadOnlyList<StepState>? Steps { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public bool Estimated { get; init; }

    /// <summary>Set when the turn failed.</summary>
    public ProblemState? Problem { get; init; }
}

internal sealed record ProblemState
{
    public required int Code { get; init; }

    public required int Status { get; init; }

    public string? Field { get; init; }

    public string? English { get; init; }

    public string? Chinese { get; init; }

    public int? RetryAfter { get; init; }
}

/// <summary>Payload of a recovery.</summary>
internal sealed record RecoveringState(long RestartFrom);

/// <summary>Payload of an undone turn.</summary>
internal sealed record RolledBackState(long FromSeq);

/// <summary>What an idempotency key of a message leads to.</summary>
internal sealed record AcceptedState(string TurnId, string MessageId, long Seq);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Default)]
[JsonSerializable(typeof(MailboxState))]
[JsonSerializable(typeof(MessageState))]
[JsonSerializable(typeof(List<FrameState>))]
[JsonSerializable(typeof(ToolIntentState))]
[JsonSerializable(typeof(ApprovalRequestState))]
[JsonSerializable(typeof(ToolResultState))]
[JsonSerializable(typeof(DoneState))]
[JsonSerializable(typeof(RecoveringState))]
[JsonSerializable(typeof(RolledBackState))]
[JsonSerializable(typeof(AcceptedState))]
internal sealed partial class SessionStateJson : JsonSerializerContext;
