namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>A file of the tenant's workspace that a message refers to. <c>Type</c> is <c>file</c>.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.Attachment")]
public sealed record Attachment([property: Id(0)] string Type, [property: Id(1)] string Path);
