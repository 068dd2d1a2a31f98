using ModelContextProtocol.Protocol;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Skills.Running;

/// <summary>Asks a skill's Model Context Protocol servers for their tools.</summary>
internal sealed class SkillToolDiscovery(McpConnections connections, TimeProvider time)
{
    private const int MaxTools = 128;
    private const int MaxDescription = 1024;
    private const int MaxSchemaBytes = 64 * 1024;

    /// <summary>Of one server's tools together.</summary>
    private const int MaxSchemasBytes = 128 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    public static bool IsNeeded(SkillPackage package) => package.Manifest.Actions.Any(action => action.Runner is McpRunner);

    /// <returns>The tools, or why they are not known.</returns>
    public async Task<(IReadOnlyList<SkillToolState> Tools, string? Why)> FindToolsAsync(
        SkillKey skill, SkillPackage package, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellationToken)
    {
        var found = new List<SkillToolState>();
        var names = package.Manifest.Actions.Where(action => action.Runner is not McpRunner).Select(action => action.Name).ToHashSet(StringComparer.Ordinal);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        for (var index = 0; index < package.Manifest.Actions.Count; index++)
        {
            var action = package.Manifest.Actions[index];
            if (action.Runner is not McpRunner runner) continue;
            try
            {
                var (tools, why) = await AskAsync(skill, package, action, secrets, runner, either.Token);
                if (tools is null) return ([], why);
                foreach (var (name, description, parameters) in tools)
                {
                    // The first of a name keeps it.
                    if (names.Add(name) && found.Count < MaxTools) found.Add(new SkillToolState(index, name, description, parameters));
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return ([], $"it did not tell them within {Patience.TotalSeconds:0} seconds");
            }
        }

        return (found, found.Count == 0 ? "it has none" : null);
    }

    private async Task<(IReadOnlyList<(string Name, string Description, string Parameters)>? Tools, string? Why)> AskAsync(
        SkillKey skill, SkillPackage package, SkillAction action, IReadOnlyDictionary<string, string> secrets, McpRunner runner, CancellationToken cancellationToken)
    {
        var execution = new SkillExecution
        {
            Tenant = skill.Tenant,
            RunId = SkillRunKey.New(skill.Tenant).RunId,
            Package = package,
            Action = action with { Timeout = Patience },
            Parameters = CompactJson.EmptyObject,
            Secrets = secrets,
            Scopes = Scopes.None,
        };
        var (connection, why) = await connections.OpenAsync(execution, cancellationToken);
        if (connection is null) return (null, why);
        await using (connection)
        {
            try
            {
                var found = new List<(string, string, string)>();
                var room = MaxSchemasBytes;
                string? cursor = null;
                do
                {
                    var page = await connection.Client.ListToolsAsync(new ListToolsRequestParams { Cursor = cursor }, cancellationToken).AsTask().WaitAsync(cancellationToken);
                    foreach (var tool in page.Tools.Where(tool => SkillNames.IsToolName(tool.Name) && runner.Tools?.Contains(tool.Name) != false))
                    {
                        var schema = SchemaOf(tool.InputSchema.GetRawText());
                        room -= schema.Length;
                        if (room < 0 || found.Count == MaxTools) return (found, null);
                        found.Add((tool.Name, WholeCharacters.Of(tool.Description ?? "", MaxDescription), schema));
                    }

                    cursor = page.NextCursor;
                }
                while (cursor is not null);
                return (found, null);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                return (null, await connection.TellAsync(failure));
            }
        }
    }

    /// <summary>One that is too large to be shown is left to the server, which checks it anyway.</summary>
    private static string SchemaOf(string schema) => schema.Length <= MaxSchemaBytes ? schema : """{"type":"object"}""";
}
