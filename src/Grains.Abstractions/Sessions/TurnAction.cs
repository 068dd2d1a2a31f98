namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>
/// Something a turn did to the world. <c>Fields</c> is a JSON object with the type's own fields (<c>path</c>,
/// <c>command</c>, <c>key</c>, ...), written beside <c>type</c> on the wire.
/// </summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TurnAction")]
public sealed record TurnAction([property: Id(0)] string Type, [property: Id(1)] JsonPayload Fields);
