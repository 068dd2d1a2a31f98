namespace OpenClaw.Grains.Tests.Fences;

/// <summary>A run of prose, or the inside of one fenced block. <c>Language</c> is null in prose.</summary>
internal readonly record struct FencePiece(bool IsCode, string Content, string? Language);
