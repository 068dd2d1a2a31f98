using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>A message of the history.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SessionMessage")]
public sealed record SessionMessage
{
    [Id(0)] public required string MessageId { get; init; }

    /// <summary><c>user</c> or <c>assistant</c>.</summary>
    [Id(1)] public required string Role { get; init; }

    [Id(2)] public required string Content { get; init; }

    [Id(3)] public IReadOnlyList<TurnAction> Actions { get; init; } = [];

    [Id(4)] public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    [Id(5)] public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A page of the history. <c>NextCursor</c> is null on the last page.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SessionMessagePage")]
public sealed record SessionMessagePage(
    [property: Id(0)] IReadOnlyList<SessionMessage> Messages,
    [property: Id(1)] string? NextCursor,
    [property: Id(2)] Problem? Problem = null)
{
    public static SessionMessagePage InvalidCursor { get; } = new([], null, Problem.Invalid("cursor", Reasons.InvalidCursor));
}

/// <summary>Which page of the history.</summary>
/// <param name="Limit">1 to 200.</param>
/// <param name="Cursor">From the page before, or null.</param>
/// <param name="Descending">Newest first.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.MessageQuery")]
public sealed record MessageQuery(
    [property: Id(0)] int Limit,
    [property: Id(1)] string? Cursor,
    [property: Id(2)] bool Descending);
