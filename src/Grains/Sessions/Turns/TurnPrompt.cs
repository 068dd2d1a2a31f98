using Microsoft.Extensions.AI;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Sessions.Context;
using OpenClaw.Grains.Tools;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>What a turn's next call shows the model; the same again when the turn is recovered, but for what is remembered by then.</summary>
internal static class TurnPrompt
{
    /// <summary>The messages, or null when the turn's own alone do not fit the model's window, an eighth of which is left for the answer.</summary>
    public static async ValueTask<List<ChatMessage>?> BuildAsync(
        SessionServices services, SessionState session, Scopes scopes, TurnTools tools, SessionHistory history, TurnProgress progress, ModelRoute route, CancellationToken cancellationToken)
    {
        await services.Attachments.LoadAsync(session.Key.Tenant, progress, route.ContextTokens, cancellationToken);
        await services.Memories.LoadAsync(session.Key.Tenant, scopes, progress, cancellationToken);
        return PromptBuilder.Build(
            SystemPromptOf(session.SystemPrompt ?? services.Options.SystemPrompt, tools.PromptFor(scopes)), history, progress, route.ContextTokens - (route.ContextTokens / 8));
    }

    private static string SystemPromptOf(string instructions, string? skills) => skills is null ? instructions : $"{instructions}\n\n{skills}";
}
