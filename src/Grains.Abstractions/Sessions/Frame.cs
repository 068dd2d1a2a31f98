using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>What a client sees of a session, one piece at a time. Frames are numbered when they are published.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.Frame")]
public abstract record Frame;

/// <summary>Prose of the answer, as it is spoken.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TextFrame")]
public sealed record TextFrame([property: Id(0)] string Content) : Frame;

/// <summary>What stands inside a Markdown fence, without the fence. <c>Language</c> is the fence's first word, or null.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.CodeFrame")]
public sealed record CodeFrame([property: Id(0)] string Content, [property: Id(1)] string? Language) : Frame;

/// <summary>Something the turn did to the world.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ActionFrame")]
public sealed record ActionFrame([property: Id(0)] TurnAction Action) : Frame;

/// <summary>A tool call's progress: <c>started</c>, <c>succeeded</c> or <c>failed</c>.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ToolFrame")]
public sealed record ToolFrame(
    [property: Id(0)] string Name,
    [property: Id(1)] string CallId,
    [property: Id(2)] ToolStatus Status) : Frame;

/// <summary>A tool call waits for somebody's approval; <c>Arguments</c> is a JSON object.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ApprovalFrame")]
public sealed record ApprovalFrame(
    [property: Id(0)] string ApprovalId,
    [property: Id(1)] string Tool,
    [property: Id(2)] JsonPayload Arguments,
    [property: Id(3)] DateTimeOffset ExpiresAt) : Frame;

/// <summary>The turn waits behind another one.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.QueuedFrame")]
public sealed record QueuedFrame : Frame;

/// <summary>The turn goes on after a crash; what follows replaces what came since <c>RestartFrom</c>.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.RecoveringFrame")]
public sealed record RecoveringFrame([property: Id(0)] long RestartFrom) : Frame;

/// <summary>A user's message was accepted.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.MessageFrame")]
public sealed record MessageFrame([property: Id(0)] string MessageId, [property: Id(1)] string Content) : Frame;

/// <summary>The turn was undone with its messages; <c>FromSeq</c> is its first message's seq.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.RolledBackFrame")]
public sealed record RolledBackFrame([property: Id(0)] long FromSeq) : Frame;

/// <summary>The turn failed. Nothing of it follows.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ErrorFrame")]
public sealed record ErrorFrame([property: Id(0)] Problem Problem) : Frame;

/// <summary>The turn ended. Nothing of it follows.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.DoneFrame")]
public sealed record DoneFrame(
    [property: Id(0)] string MessageId,
    [property: Id(1)] TokenUsage Usage,
    [property: Id(2)] string FinishReason) : Frame;
