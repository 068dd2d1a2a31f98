using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Events;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Storage.Events;
using Orleans.Streams;

namespace OpenClaw.Grains.Tests.Events;

public sealed class TenantEventsTests : IAsyncLifetime
{
    private SiloHost _silo = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ITenantEventsGrain Events => _silo.Grains.GetTenantEvents(new TenantEventsKey(TenantId.Default));

    private IEventLog Log => _silo.Services.GetRequiredService<IEventLog>();

    public async ValueTask InitializeAsync() => _silo = await SiloHost.StartAsync();

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task A_message_and_its_answer_are_events_with_the_tenant_s_numbers_and_the_session_s_places()
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("你好 👋");
        (await _silo.Models.NextAsync()).Say("hello").Finish();
        var answer = await session.AnswerAsync(sent.TurnId);

        var events = await ReadAsync();

        Assert.Equal([(1, EventTypes.MessageReceived), (2, EventTypes.MessageSent)], events.Select(told => (told.Seq, told.Type)));
        Assert.All(events, told => Assert.Equal(session.Key.SessionId, told.SessionId));
        Assert.Equal(EventIds.Of(session.Key, sent.Seq, EventTypes.MessageReceived), events[0].EventId);
        Assert.Equal(sent.Seq, events[0].SessionSeq);
        Assert.Equal(
            $$"""{"sessionId":"{{session.Key.SessionId}}","messageId":"{{sent.MessageId}}","turnId":"{{sent.TurnId}}","role":"user","content":"你好 👋","sessionSeq":{{sent.Seq}}}""",
            events[0].Data.ToString());
        var said = JsonElement.Parse(events[1].Data.Utf8.Span);
        Assert.Equal((answer.MessageId, "hello", "stop"), (said.GetProperty("messageId").GetString(), said.GetProperty("content").GetString(), said.GetProperty("finishReason").GetString()));
        Assert.Equal(2, (await Events.Find(session.Key.SessionId, events[1].SessionSeq!.Value, EventTypes.MessageSent, Cancellation))!.Seq);
    }

    [Fact]
    public async Task A_long_message_is_told_of_in_part()
    {
        var session = await _silo.CreateSessionAsync();
        await session.SendAsync(new string('a', 1) + new string('界', 30_000));
        (await _silo.Models.NextAsync()).Finish();

        var data = JsonElement.Parse((await ReadAsync())[0].Data.Utf8.Span);

        Assert.True(data.GetProperty("contentTruncated").GetBoolean());
        Assert.Equal("a" + new string('界', ((64 * 1024) - 1) / 3), data.GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_turn_that_fails_is_an_error_and_no_answer()
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("go");
        (await _silo.Models.NextAsync()).Fail(Problem.Internal(502, new LocalizedText("The provider is down.", "服务商不可用")));
        await session.AnswerAsync(sent.TurnId);

        var events = await ReadAsync();

        Assert.Equal([EventTypes.MessageReceived, EventTypes.ErrorOccurred], events.Select(told => told.Type));
        var data = JsonElement.Parse(events[1].Data.Utf8.Span);
        Assert.Equal("session", data.GetProperty("source").GetString());
        Assert.Equal("INTERNAL_ERROR", data.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("The provider is down.", data.GetProperty("error").GetProperty("details").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task What_was_rolled_back_is_no_answer()
    {
        var session = await _silo.CreateSessionAsync();
        await session.SendAsync("first");
        (await _silo.Models.NextAsync()).Say("never mind");
        var second = await session.SendAsync("second", OverlapRule.Rollback);
        (await _silo.Models.NextAsync()).Say("ok").Finish();
        await session.AnswerAsync(second.TurnId);

        Assert.Equal(
            [EventTypes.MessageReceived, EventTypes.MessageReceived, EventTypes.MessageSent], (await ReadAsync()).Select(told => told.Type));
    }

    [Fact]
    public async Task A_watcher_gets_the_pieces_of_an_answer_before_the_whole_of_it()
    {
        var watcher = await WatchAsync();
        var session = await _silo.CreateSessionAsync();
        await session.SendAsync("code please");
        var step = await _silo.Models.NextAsync();
        await watcher.EventAsync();
        step.Say("Here:\n").Say("```js\nlet a = 1\n```\n").Finish();

        var seen = new List<object>();
        do
        {
            seen.Add(await watcher.NextAsync());
        }
        while (seen[^1] is not TenantEvent);

        var pieces = seen.OfType<TenantDelta>().ToArray();
        Assert.Equal("Here:\n\n", string.Concat(pieces.Where(piece => !piece.IsCode).Select(piece => piece.Content)));
        Assert.Contains(pieces, piece => piece is { IsCode: true, Language: "js" });
        Assert.All(pieces, piece => Assert.Equal(session.Key.SessionId, piece.SessionId));
        Assert.Equal((EventTypes.MessageSent, 2), (((TenantEvent)seen[^1]).Type, ((TenantEvent)seen[^1]).Seq));
    }

    [Fact]
    public async Task What_nobody_rang_for_is_found_and_numbered()
    {
        var watcher = await WatchAsync();
        await Log.AddAsync(TenantId.Default, new OutboxEntry("evt-1", EventTypes.TaskStarted, "{}"u8.ToArray()), null, DateTimeOffset.UnixEpoch, Cancellation);

        Assert.Equal("evt-1", (await watcher.EventAsync()).EventId);
    }

    [Fact]
    public async Task However_many_ring_at_once_each_event_has_one_number_and_none_is_left()
    {
        const int Count = 300;
        var bell = _silo.Services.GetRequiredService<EventBell>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Count), Cancellation, async (index, token) =>
        {
            await Log.AddAsync(TenantId.Default, new OutboxEntry($"evt-{index}", EventTypes.TaskStarted, "{}"u8.ToArray()), null, DateTimeOffset.UnixEpoch, token);
            _ = bell.Ring(TenantId.Default);
        });

        var events = await ReadAsync();

        Assert.Equal(Enumerable.Range(1, Count).Select(seq => (long)seq), events.Select(told => told.Seq));
        Assert.Equal(Count, events.Select(told => told.EventId).Distinct().Count());
    }

    private async Task<IReadOnlyList<TenantEvent>> ReadAsync()
    {
        await Events.Advance(Cancellation);
        var events = new List<TenantEvent>();
        TenantEventPage page;
        do
        {
            page = await Events.Read(events.Count == 0 ? 0 : events[^1].Seq, 100, Cancellation);
            events.AddRange(page.Events);
        }
        while (page.Events.Count > 0);
        return events;
    }

    private async Task<Watcher> WatchAsync()
    {
        var watcher = new Watcher();
        await _silo.Services.GetRequiredService<IClusterClient>().GetStreamProvider(TenantEventStreams.Provider)
            .GetStream<TenantEventBatch>(StreamId.Create(TenantEventStreams.Namespace, new TenantEventsKey(TenantId.Default).ToString()))
            .SubscribeAsync(watcher);
        await Events.Watch(Cancellation);
        return watcher;
    }

    private sealed class Watcher : IAsyncObserver<TenantEventBatch>
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        private readonly Channel<object> _seen = Channel.CreateUnbounded<object>();

        public async Task<object> NextAsync() => await _seen.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(Patience, Cancellation);

        public async Task<TenantEvent> EventAsync()
        {
            while (true)
            {
                if (await NextAsync() is TenantEvent told) return told;
            }
        }

        public Task OnNextAsync(TenantEventBatch item, StreamSequenceToken? token = null)
        {
            foreach (var delta in item.Deltas) _seen.Writer.TryWrite(delta);
            foreach (var told in item.Events) _seen.Writer.TryWrite(told);
            return Task.CompletedTask;
        }

        public Task OnCompletedAsync() => Task.CompletedTask;

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
    }
}
