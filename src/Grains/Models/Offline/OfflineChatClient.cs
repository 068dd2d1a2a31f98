using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>
/// The built-in model: a rule-based assistant that says what it is, so that the product can be tried without a provider. The
/// same conversation always gets the same answer. Rules are asked in order; the first that knows an answer gives it.
/// </summary>
internal sealed class OfflineChatClient(OfflineModelOptions options, TimeProvider time) : IChatClient
{
    private static readonly IOfflineRule[] Rules =
    [
        new SummaryRule(),
        new ToolRule(),
        new AttachmentRule(),
        new CodeRule(),
        new IdentityRule(),
        new GreetingRule(),
        new FallbackRule(),
    ];

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? chatOptions = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reply = Answer(new OfflineQuestion(messages, chatOptions?.Tools));
        var pause = TimeSpan.FromMilliseconds(options.ChunkDelayMilliseconds);
        foreach (var chunk in Chunks.Of(reply.Text))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, chunk) { ModelId = ModelRouter.Offline };
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, cancellationToken);
        }

        if (reply.Call is { } call) yield return new ChatResponseUpdate(ChatRole.Assistant, [call]) { ModelId = ModelRouter.Offline };
        yield return new ChatResponseUpdate(ChatRole.Assistant, [])
        {
            ModelId = ModelRouter.Offline,
            FinishReason = reply.Call is null ? ChatFinishReason.Stop : ChatFinishReason.ToolCalls,
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static OfflineReply Answer(OfflineQuestion question)
    {
        foreach (var rule in Rules)
        {
            if (rule.TryAnswer(question) is { } reply) return reply;
        }

        throw new InvalidOperationException("The last rule answers everything.");
    }
}
