using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tools;

/// <summary>Something a model can call during a turn.</summary>
public interface ITool
{
    /// <summary>1 to 64 of <c>A-Za-z0-9_-</c>; the names are in the API contract.</summary>
    string Name { get; }

    /// <summary>What the model reads to decide when to call it.</summary>
    string Description { get; }

    /// <summary>JSON Schema of the arguments, an object.</summary>
    JsonElement Parameters { get; }

    /// <summary>Scopes that the message's sender needs for the turn to have this tool.</summary>
    Scopes RequiredScopes { get; }

    /// <summary>True when a call that was cut by a crash may be made again.</summary>
    bool IsIdempotent { get; }

    /// <summary>What is wrong with arguments, in words for the model; null when they fit the schema.</summary>
    string? FindObjection(JsonElement arguments) => ToolSchema.Check(Parameters, arguments);

    /// <summary>Runs the tool. An expected failure is a result; an exception becomes one.</summary>
    Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken);
}

/// <summary>Who calls a tool.</summary>
/// <param name="Session">The session whose turn runs.</param>
/// <param name="TurnId">The turn.</param>
/// <param name="IdempotencyKey">The same over all attempts of one call: turn, step and call.</param>
public sealed record ToolCallContext(SessionKey Session, string TurnId, string IdempotencyKey)
{
    /// <summary>Of the message's sender.</summary>
    public Scopes Scopes { get; init; }

    /// <summary>The API key of the message's sender; null when it is not known.</summary>
    public string? KeyId { get; init; }

    /// <summary>The same over all attempts of one call: made again after a crash, it finds its own change.</summary>
    public Guid ChangeId() => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{Session}\n{IdempotencyKey}")).AsSpan(0, 16));
}

/// <summary>What a tool answered.</summary>
/// <param name="Succeeded">False shows as <c>failed</c>; the model reads <paramref name="Content"/> either way.</param>
/// <param name="Content">For the model.</param>
/// <param name="Actions">What it did to the world, for the client.</param>
public sealed record ToolResult(bool Succeeded, string Content, IReadOnlyList<TurnAction> Actions)
{
    public static ToolResult Success(string content, params TurnAction[] actions) => new(true, content, actions);

    public static ToolResult Failure(string content) => new(false, content, []);

    /// <summary>A problem in words for the model.</summary>
    public static ToolResult Refused(Problem problem) => Failure(
        problem.Field is { } field ? $"{field}: {problem.Reason?.English}" : problem.Reason?.English ?? "It was refused.");
}
