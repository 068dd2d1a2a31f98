using System.Globalization;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>Runs one tool call and turns whatever happens into a result that the model can read.</summary>
internal sealed class ToolCallRunner(SessionServices services, TurnTools tools, SessionKey session, string turnId, Scopes scopes, string? keyId)
{
    /// <summary>The call was under way when the server stopped, and may have taken effect.</summary>
    public static ToolResultState Interrupted(ToolCallState call) => Failed(
        call, "The call was interrupted by a restart of the server. It may or may not have taken effect; check before you call it again.");

    public bool MayRunAgain(string name) => tools.Find(name) is not { IsIdempotent: false };

    /// <summary>The tool and its arguments, checked; or what the model is told instead.</summary>
    public PreparedCall Prepare(ToolCallState call)
    {
        if (tools.Find(call.Name) is not { } tool || (tool.RequiredScopes & scopes) != tool.RequiredScopes)
            return Refused($"There is no tool named '{call.Name}'.");
        JsonElement arguments;
        try
        {
            arguments = JsonElement.Parse(call.Arguments.Length == 0 ? "{}" : call.Arguments);
        }
        catch (JsonException error)
        {
            return Refused($"The arguments are not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}). Call the tool again with a JSON object.");
        }

        if (!ToolArguments.AreText(call.Arguments, arguments)) return Refused("The arguments hold half of a surrogate pair, which is no text. Call the tool again without it.");
        return tool.FindObjection(arguments) is { } objection
            ? Refused($"The arguments do not fit the tool's parameters: {objection}")
            : new PreparedCall(call, tool, arguments, null);

        PreparedCall Refused(string reason) => new(call, null, default, Failed(call, reason));
    }

    public async Task<ToolResultState> RunAsync(PreparedCall prepared, int step, CancellationToken cancellation)
    {
        if (prepared is not { Call: var call, Tool: { } tool, Arguments: var arguments }) return prepared.Refusal!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var timer = services.Time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), limit, services.Options.ToolTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            var context = new ToolCallContext(
                session, turnId, string.Create(CultureInfo.InvariantCulture, $"{turnId}/{step}/{call.CallId}")) { Scopes = scopes, KeyId = keyId };
            var result = await tool.InvokeAsync(context, arguments, limit.Token).WaitAsync(limit.Token);
            return new ToolResultState
            {
                CallId = call.CallId,
                Name = call.Name,
                Succeeded = result.Succeeded,
                Content = await services.ToolOutputs.ShortenAsync(
                    context, result.Content, services.Options.MaxToolResultCharacters, limit.Token),
                Actions = result.Actions.Count > 0 ? [.. result.Actions.Select(EventCodec.ToState)] : null,
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(call, $"The tool did not answer within {services.Options.ToolTimeout.TotalSeconds:0} seconds.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            services.Logger.ToolFailed(failure, call.Name, turnId, session.ToString());
            return Failed(call, "The tool failed unexpectedly.");
        }
    }

    public static ToolResultState Failed(ToolCallState call, string content) =>
        new() { CallId = call.CallId, Name = call.Name, Succeeded = false, Content = content };
}

/// <summary>A call that can be made, or why it cannot.</summary>
/// <param name="Call">As the model wrote it.</param>
/// <param name="Tool">Null with a refusal.</param>
/// <param name="Arguments">They fit the tool's schema.</param>
/// <param name="Refusal">What the model is told; null for a call that can be made.</param>
internal sealed record PreparedCall(ToolCallState Call, ITool? Tool, JsonElement Arguments, ToolResultState? Refusal);
