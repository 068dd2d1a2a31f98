namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>What a task does at each slot; which of the fields count depends on the type.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TaskAction")]
public sealed record TaskAction
{
    [Id(0)] public required TaskActionType Type { get; init; }

    /// <summary>The skill's name.</summary>
    [Id(1)] public string? Skill { get; init; }

    /// <summary>The skill's action; null is its only one.</summary>
    [Id(2)] public string? Action { get; init; }

    /// <summary>The skill's parameters, a JSON object; empty is <c>{}</c>.</summary>
    [Id(3)] public JsonPayload Parameters { get; init; }

    /// <summary>The conversation that is spoken in; null is one of its own for each run.</summary>
    [Id(4)] public string? SessionId { get; init; }

    /// <summary>What is said.</summary>
    [Id(5)] public string? Content { get; init; }

    /// <summary>Of the conversations that the task begins; null is the default model.</summary>
    [Id(6)] public string? Model { get; init; }

    /// <summary>For <c>/bin/bash -c</c>.</summary>
    [Id(7)] public string? Command { get; init; }

    /// <summary>Absolute path of a directory in the workspace, where the command begins.</summary>
    [Id(8)] public string? Directory { get; init; }
}
