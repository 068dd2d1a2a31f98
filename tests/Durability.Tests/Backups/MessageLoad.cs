using System.Collections.Concurrent;
using OpenClaw.Testing.Http;

namespace OpenClaw.Durability.Tests.Backups;

/// <summary>Sends messages to some sessions, and makes API keys, one after the other until it is told to stop.</summary>
internal sealed class MessageLoad(ApiClient client, IReadOnlyList<string> sessions, int begunAfter)
{
    private static readonly string[] Scopes = ["read"];

    private readonly ConcurrentQueue<(string Session, string Content)> _acknowledged = [];
    private readonly ConcurrentQueue<string> _keys = [];
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when so many messages have been acknowledged.</summary>
    public Task Begun => _begun.Task;

    public static string KeyName(int index) => $"key {index}";

    public async Task RunAsync(CancellationToken enough)
    {
        try
        {
            await Task.WhenAll(sessions.Select(session => SendAsync(session, enough)).Append(MakeKeysAsync(enough)));
        }
        catch (Exception failure)
        {
            _begun.TrySetException(failure);
            throw;
        }
    }

    public List<(string Session, string Content)> Acknowledged() => [.. _acknowledged];

    public List<string> Keys() => [.. _keys];

    /// <summary>A message is acknowledged with its stream's first bytes; its turn runs on while the next is sent.</summary>
    private async Task SendAsync(string session, CancellationToken enough)
    {
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            var content = $"({number}) 帮我写一段代码";
            await using var stream = await client.StreamMessageAsync(session, content, CancellationToken.None);
            Assert.Equal(200, stream.Status);
            _acknowledged.Enqueue((session, content));
            if (_acknowledged.Count >= begunAfter)
                _begun.TrySetResult();
            await stream.ReadUntilAsync(frame => frame.Type == "text", CancellationToken.None);
        }
    }

    private async Task MakeKeysAsync(CancellationToken enough)
    {
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            var made = await client.PostAsync(
                "/api/admin/tenants/default/keys", new { name = KeyName(number), scopes = Scopes }, CancellationToken.None);
            _keys.Enqueue(SessionCalls.Require(made, 201).Text("key")!);
        }
    }
}
