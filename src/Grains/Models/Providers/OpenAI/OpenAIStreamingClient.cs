using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ChatClient = OpenAI.Chat.ChatClient;

namespace OpenClaw.Grains.Models.Providers.OpenAI;

/// <summary>
/// A model of an OpenAI-compatible server. The SDK sends and receives; what streams through it is written and read here,
/// because the SDK's objects for each chunk cost more than all else that a turn does with the model
/// (<c>docs/decisions/0004</c>). Answers in one piece are the SDK's own.
/// </summary>
internal sealed class OpenAIStreamingClient(ChatClient sdk, string model) : IChatClient
{
    private readonly IChatClient _whole = sdk.AsIChatClient();

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        _whole.GetResponseAsync(messages, options, cancellationToken);

    /// <exception cref="System.Text.Json.JsonException">An event is no piece of a chat completion.</exception>
    /// <exception cref="ProviderResponseException">The server reported an error in the middle of its answer.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var body = BinaryContent.Create(BinaryData.FromBytes(OpenAIRequestWriter.Write(model, messages, options)));
        var result = await sdk.CompleteChatAsync(body, new RequestOptions { BufferResponse = false, CancellationToken = cancellationToken });
        using var response = result.GetRawResponse();
        if (response.ContentStream is not { } stream) yield break;
        await foreach (var item in SseParser.Create(stream, OpenAIChunkReader.Read).EnumerateAsync(cancellationToken))
        {
            if (ReferenceEquals(item.Data, OpenAIChunkReader.Done)) yield break;
            if (item.Data is { } update) yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => _whole.GetService(serviceType, serviceKey);

    public void Dispose() => _whole.Dispose();
}
