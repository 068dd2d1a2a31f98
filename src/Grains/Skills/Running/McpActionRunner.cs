using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Skills.Running;

/// <summary>Actions that are tools of a Model Context Protocol server, which is begun for each execution.</summary>
internal sealed class McpActionRunner(McpConnections connections) : ISkillActionRunner
{
    public bool Takes(SkillRunner runner) => runner is McpRunner;

    public IEnumerable<string> SecretsOf(SkillPackage package, SkillRunner runner) => package.Manifest.RequiredSecrets;

    public async Task<SkillOutcome> RunAsync(SkillExecution execution, CancellationToken cancellationToken)
    {
        var (connection, why) = await connections.OpenAsync(execution, cancellationToken);
        if (connection is null) return Failed(why!);
        await using (connection)
        {
            try
            {
                var arguments = execution.Parameters.EnumerateObject().ToDictionary(parameter => parameter.Name, object? (parameter) => parameter.Value);
                var call = connection.Client.CallToolAsync(((McpRunner)execution.Action.Runner).Tool!, arguments, cancellationToken: cancellationToken).AsTask();
                // One that dies in the middle answers nothing.
                if (await Task.WhenAny(call, connection.Ended).WaitAsync(cancellationToken) != call)
                {
                    _ = call.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default);
                    return Failed(await connection.TellAsync(new IOException()));
                }

                return OutcomeOf(await call);
            }
            catch (McpProtocolException refused)
            {
                return SkillOutcome.Failure(SkillReasons.Text($"the server refused the call: {SkillReasons.EndOf(refused.Message)}"));
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                return Failed(await connection.TellAsync(failure));
            }
        }
    }

    private static SkillOutcome Failed(string why) => SkillOutcome.Failure(
        new LocalizedText($"its Model Context Protocol server failed: {why}", $"其 Model Context Protocol 服务器失败:{why}"));

    private static SkillOutcome OutcomeOf(CallToolResult answer)
    {
        var result = new JsonPayload(ResultOf(answer));
        if (answer.IsError != true) return SkillOutcome.Success(result);
        var text = SkillReasons.EndOf(string.Concat(answer.Content.OfType<TextContentBlock>().Select(block => block.Text)));
        return SkillOutcome.Failure(SkillReasons.Text(text.Length > 0 ? text : "the tool failed"), result);
    }

    /// <summary>What is structured as it is; one text as the JSON or the text that it is; else the blocks.</summary>
    private static ReadOnlyMemory<byte> ResultOf(CallToolResult answer)
    {
        if (answer.StructuredContent is { ValueKind: not JsonValueKind.Undefined } structured) return CompactJson.Write(structured);
        return answer.Content is [TextContentBlock text]
            ? CompactJson.Text(text.Text)
            : CompactJson.Write(JsonSerializer.SerializeToElement(answer.Content, McpJsonUtilities.DefaultOptions));
    }
}
