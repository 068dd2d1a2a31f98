using System.Diagnostics;
using System.Globalization;
using OpenClaw.ModelServer;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Cluster.Tests;

/// <summary>The silo that runs a turn is killed; whoever listens to the turn stays on the connection that he has.</summary>
[Trait("Category", "Slow")]
public sealed class SiloKillTests(ITestOutputHelper output) : ClusterTest
{
    private const string RoundsSetting = "OPENCLAW_TEST_KILLS";
    private const int Words = 100;

    /// <summary>Far above what is measured: what the test asserts is that the frames come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_sender_and_a_watcher_see_recovering_then_the_rest_then_done()
    {
        var rounds = int.Parse(Environment.GetEnvironmentVariable(RoundsSetting) ?? "2", CultureInfo.InvariantCulture);
        await using var models = await ModelServerProcess.StartAsync(Cancellation);
        await using var cluster = await ClusterProcesses.StartAsync(
            new ClusterLayout { Environment = AskingModels(models.OpenAIBaseUrl) }, Cancellation);
        var (senders, watchers) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < rounds; round++)
        {
            var (sender, watcher) = await KillOnceAsync(cluster);
            senders.Add(sender);
            watchers.Add(watcher);
        }

        output.WriteLine($"From the kill to the next frame, {rounds} kills: sender {Summary(senders)}; watcher {Summary(watchers)}");
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
        await silo.Process.StartAsync(Cancellation);
        return (times[0], times[1]);
    }

    private static bool IsRecovering(StreamFrame frame) => frame.IsStatus("recovering");

    /// <summary>They rise by one, but right before <c>recovering</c>.</summary>
    private static void AssertSeqs(IReadOnlyList<StreamFrame> frames)
    {
        for (var i = 1; i < frames.Count; i++)
        {
            Assert.True(
                frames[i].Seq == frames[i - 1].Seq + 1 || (frames[i].Seq > frames[i - 1].Seq && IsRecovering(frames[i])),
                $"{frames[i - 1]}\n{frames[i]}");
        }
    }

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
            while (Frames is not { Count: > 0 } frames || !enough(frames))
            {
                if (_reading.IsCompleted)
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
