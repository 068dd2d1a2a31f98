using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Commands;

namespace OpenClaw.WebFrontend.Commands;

/// <summary>What a command wrote and how it ended. <c>Killed</c> says why the server killed it, where it did.</summary>
internal sealed record CommandResultResource(string Stdout, string Stderr, int ExitCode, bool TimedOut, bool Truncated, long DurationMs, string? Killed);

/// <summary>A command that goes on in the background.</summary>
internal sealed record StartedCommandResource(string CommandId, string Status);

/// <summary>A command in the background, with what it wrote so far; how it ended when it has.</summary>
internal sealed record CommandResource(
    string CommandId,
    string Status,
    string Stdout,
    string Stderr,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? ExitCode,
    bool? TimedOut,
    bool? Truncated,
    long? DurationMs,
    string? Killed);

internal sealed record DeletedCommandResource(string CommandId, string Status);

/// <summary>A piece of output, as a server-sent event: <c>type</c> is <c>stdout</c> or <c>stderr</c>.</summary>
internal sealed record OutputEventResource(string Type, string Content)
{
    public static OutputEventResource Of(OutputPiece piece) => new(piece.IsError ? "stderr" : "stdout", piece.Text);
}

/// <summary>The last server-sent event of a command; <c>type</c> is <c>exit</c>.</summary>
internal sealed record ExitEventResource(string Type, int ExitCode, bool TimedOut, bool Truncated, long DurationMs, string? Killed)
{
    public static ExitEventResource Of(CommandExit exit) =>
        new("exit", exit.ExitCode, exit.TimedOut, exit.Truncated, exit.DurationMilliseconds, exit.Killed);
}
