namespace OpenClaw.Grains.Abstractions.Approvals;

/// <summary>
/// What the tools of a conversation may do. The first rule that matches a call decides; a call that none matches is allowed.
/// Of a tenant's policy and a session's the stricter decision holds.
/// </summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ToolPolicy")]
public sealed record ToolPolicy
{
    /// <summary>Rules of one policy.</summary>
    public const int MaxRules = 100;

    /// <summary>Of all its names and patterns together, in characters: a session's is written with each of its changes.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>Allows everything.</summary>
    public static ToolPolicy Empty { get; } = new();

    [Id(0)] public IReadOnlyList<ToolRule> Rules { get; init; } = Array.Empty<ToolRule>();
}

/// <summary>A rule for calls of one or more tools.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ToolRule")]
public sealed record ToolRule
{
    /// <summary>Of <see cref="Tool"/>, in characters.</summary>
    public const int MaxToolLength = 64;

    /// <summary>Of <see cref="Arguments"/>.</summary>
    public const int MaxArguments = 16;

    /// <summary>A tool's name, in which <c>*</c> stands for any characters.</summary>
    [Id(0)] public required string Tool { get; init; }

    /// <summary>Each of these must match; none: whatever the arguments are.</summary>
    [Id(1)] public IReadOnlyList<ArgumentPattern> Arguments { get; init; } = Array.Empty<ArgumentPattern>();

    [Id(2)] public required ToolDecision Decision { get; init; }
}

/// <summary>What an argument must be for a rule to match: its text, or its JSON where it is no text.</summary>
/// <param name="Name">The argument; one that is absent matches <c>*</c> alone.</param>
/// <param name="Pattern">
/// <c>*</c> stands for any characters, everything else for itself. Of an argument over 16,384 characters a rule that allows
/// matches nothing, and another everything.
/// </param>
[GenerateSerializer, Immutable, Alias("OpenClaw.ArgumentPattern")]
public sealed record ArgumentPattern([property: Id(0)] string Name, [property: Id(1)] string Pattern)
{
    /// <summary>Of <see cref="Name"/>, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Of <see cref="Pattern"/>, in characters.</summary>
    public const int MaxPatternLength = 1024;
}

/// <summary>What becomes of a call. The higher, the stricter.</summary>
[GenerateSerializer, Alias("OpenClaw.ToolDecision")]
public enum ToolDecision
{
    /// <summary>It runs.</summary>
    Allow,

    /// <summary>It waits until somebody allows it.</summary>
    Ask,

    /// <summary>It does not run.</summary>
    Deny,
}
