namespace OpenClaw.Grains.Abstractions.Commands;

/// <summary>What a command has written, and how it ended.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.CommandOutput")]
public sealed record CommandOutput
{
    /// <summary>Of each stream, in bytes: 1 MiB. What comes after it is thrown away.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The pieces behind the one that was asked for, in the order in which they were read.</summary>
    [Id(0)] public required IReadOnlyList<OutputPiece> Pieces { get; init; }

    /// <summary>How many pieces there were so far: what to ask for next.</summary>
    [Id(1)] public required int Through { get; init; }

    /// <summary>Null while it runs, and while there are pieces to come.</summary>
    [Id(2)] public CommandExit? Exit { get; init; }
}

[GenerateSerializer, Immutable, Alias("OpenClaw.OutputPiece")]
public sealed record OutputPiece([property: Id(0)] bool IsError, [property: Id(1)] string Text);

[GenerateSerializer, Immutable, Alias("OpenClaw.CommandExit")]
public sealed record CommandExit
{
    /// <summary>The shell's: 128 and the signal's number for a command that a signal ended, 124 at a time-out, 137 when it was killed.</summary>
    [Id(0)] public required int ExitCode { get; init; }

    [Id(1)] public bool TimedOut { get; init; }

    /// <summary>Some output was thrown away.</summary>
    [Id(2)] public bool Truncated { get; init; }

    [Id(3)] public required long DurationMilliseconds { get; init; }

    /// <summary>Why the server killed it: <c>storage</c>, <c>memory</c>, <c>disk</c>, <c>cancelled</c>; null when it did not, or at a time-out.</summary>
    [Id(4)] public string? Killed { get; init; }
}
