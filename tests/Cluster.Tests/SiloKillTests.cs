using System.Diagnostics;
using System.Globalization;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Cluster.Tests;

/// <summary>The silo that runs a turn is killed; whoever listens to the turn stays on the connection that he has.</summary>
[Collection(ScriptedClusterCollection.Name), Trait("Category", "Slow")]
public sealed class SiloKillTests(ScriptedCluster scripted, ITestOutputHelper output) : ClusterTest
{
    private const string RoundsSetting = "OPENCLAW_TEST_KILLS";
    private const int Words = 100;

    /// <summary>Far above what is measured: what the test asserts is that the frames come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_sender_and_a_watcher_see_recovering_then_the_rest_then_done()
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable(RoundsSetting) ?? "2", CultureInfo.InvariantCulture);
        var (senders, watchers) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < rounds; round++)
        {
            var (sender, watcher) = await KillOnceAsync(await scripted.WholeAsync());
            senders.Add(sender);
            watchers.Add(watcher);
        }

        output.WriteLine($"From the kill to the next frame, {rounds} kills: sender {Summary(senders)}; watcher {Summary(watchers)}");
    }

    [Fact]
    public async Task A_turn_goes_on_when_a_silo_dies_that_only_stood_between()
    {
        var cluster = await scripted.WholeAsync();
        using var client = cluster.CreateAdminClient();
        var sessionId = await client.CreateSessionAsync(Cancellation);
        await using var stream = await client.StreamMessageAsync(sessionId, AskFor(Words, 50), Cancellation);
        var running = await cluster.FindSiloWithTurnAsync(Cancellation);
        foreach (var other in cluster.Silos.Where(silo => silo != running))
        {
            other.Process.Kill();
            await other.Process.StartAsync(Cancellation);
        }

        var frames = await stream.ReadToEndAsync(Cancellation);
        await AssertAnsweredAsync(client, sessionId, frames, AnswerOf(Words));
        AssertSeqs(frames);
    }

    private static async Task<(TimeSpan Sender, TimeSpan Watcher)> KillOnceAsync(ClusterProcesses cluster)
    {
        using var first = cluster.CreateAdminClient(0);
        using var second = cluster.CreateAdminClient(1);
        var sessionId = await first.CreateSessionAsync(Cancellation);
        await using var watched = await second.WatchAsync(sessionId, 0, Cancellation);
        await using var sent = await first.StreamMessageAsync(sessionId, AskFor(Words, 50), Cancellation);
        var sender = new Listener(sent);
        var watcher = new Listener(watched);
        await Task.WhenAll(sender.Heard(frames => frames.Count > 10), watcher.Heard(frames => frames.Count > 10));

        var silo = await cluster.FindSiloWithTurnAsync(Cancellation);
        silo.Process.Kill();
        var killed = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(sender.TimeOf(IsRecovering, killed), watcher.TimeOf(IsRecovering, killed));
        await Task.WhenAll(sender.Heard(frames => frames[^1].EndsTurn), watcher.Heard(frames => frames[^1].EndsTurn));

        await AssertAnsweredAsync(first, sessionId, sender.Frames, AnswerOf(Words));
        AssertSeqs(sender.Frames);
        Assert.Equal(AnswerOf(Words), Transcript.Of(watcher.Frames));
        AssertSeqs(watcher.Frames);
        return (times[0], times[1]);
    }

    private static bool IsRecovering(StreamFrame frame) => frame.IsStatus("recovering");

    private static string Summary(List<TimeSpan> times)
    {
        var sorted = times.Order().ToArray();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {sorted[sorted.Length / 2].TotalSeconds:F2} s, max {sorted[^1].TotalSeconds:F2} s");
    }

    /// <summary>Reads a stream from its beginning and tells when something has been heard.</summary>
    private sealed class Listener
    {
        private readonly List<(StreamFrame Frame, long At)> _heard = [];
        private readonly SemaphoreSlim _news = new(0);
        private readonly Task _reading;

        public Listener(ApiStream stream) => _reading = ReadAsync(stream);

        public IReadOnlyList<StreamFrame> Frames
        {
            get
            {
                lock (_heard)
                    return [.. _heard.Select(entry => entry.Frame)];
            }
        }

        public async Task Heard(Func<IReadOnlyList<StreamFrame>, bool> enough)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            limit.CancelAfter(Patience);
            while (true)
            {
                // Asked first: what came last and the end come together.
                var ended = _reading.IsCompleted;
                if (Frames is { Count: > 0 } frames && enough(frames))
                    return;
                if (ended)
                    await Task.FromException(_reading.Exception ?? (Exception)new EndOfStreamException("The stream has ended."));
                await _news.WaitAsync(limit.Token);
            }
        }

        public async Task<TimeSpan> TimeOf(Func<StreamFrame, bool> frame, long since)
        {
            await Heard(frames => frames.Any(frame));
            lock (_heard)
                return Stopwatch.GetElapsedTime(since, _heard.First(entry => frame(entry.Frame)).At);
        }

        private async Task ReadAsync(ApiStream stream)
        {
            try
            {
                await foreach (var frame in stream.ReadFramesAsync(Cancellation))
                {
                    lock (_heard)
                        _heard.Add((frame, Stopwatch.GetTimestamp()));
                    _news.Release();
                    if (frame.EndsTurn)
                        return;
                }
            }
            finally
            {
                _news.Release();
            }
        }
    }
}
