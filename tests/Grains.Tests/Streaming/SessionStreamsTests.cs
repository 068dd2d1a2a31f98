using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Streaming;
using Orleans.Storage;
using Orleans.Streams;
using Orleans.TestingHost;

namespace OpenClaw.Grains.Tests.Streaming;

public sealed class SessionStreamsTests(SessionStreamsTests.Cluster cluster, ITestOutputHelper output) : IClassFixture<SessionStreamsTests.Cluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_silo_publishes_reaches_a_client_and_the_other_silo_in_order()
    {
        var key = NewKey();
        var fromClient = await SubscribeAsync(cluster.Test.Client, key);
        var fromSilo = await SubscribeAsync(cluster.SiloClient(1), key);
        var stream = Stream(cluster.SiloClient(0), key);
        for (var seq = 1; seq <= 200; seq++)
        {
            await stream.OnNextAsync(Batch(seq));
        }

        var expected = Enumerable.Range(1, 200).Select(seq => (long)seq);
        Assert.Equal(expected, await fromClient.TakeAsync(200));
        Assert.Equal(expected, await fromSilo.TakeAsync(200));
    }

    [Fact]
    public async Task Many_streams_share_the_queues_and_none_loses_a_batch()
    {
        var readers = new List<(string Key, Recorder Recorder)>();
        for (var i = 0; i < 40; i++)
        {
            var key = NewKey();
            readers.Add((key, await SubscribeAsync(cluster.SiloClient(i % 2), key)));
        }

        await Task.WhenAll(readers.Select(async reader =>
        {
            var stream = Stream(cluster.SiloClient(0), reader.Key);
            for (var seq = 1; seq <= 50; seq++)
            {
                await stream.OnNextAsync(Batch(seq));
            }
        }));

        foreach (var (_, recorder) in readers)
        {
            Assert.Equal(Enumerable.Range(1, 50).Select(seq => (long)seq), await recorder.TakeAsync(50));
        }
    }

    [Fact]
    public async Task An_unsubscribed_observer_gets_nothing_more()
    {
        var key = NewKey();
        var leaving = await SubscribeAsync(cluster.Test.Client, key);
        var staying = await SubscribeAsync(cluster.Test.Client, key);
        var stream = Stream(cluster.SiloClient(0), key);
        await stream.OnNextAsync(Batch(1));
        await leaving.TakeAsync(1);
        await staying.TakeAsync(1);
        await leaving.Subscription!.UnsubscribeAsync();
        await stream.OnNextAsync(Batch(2));
        Assert.Equal([2], await staying.TakeAsync(1));
        Assert.Equal(0, leaving.Waiting);
    }

    [Fact]
    public void Subscriptions_are_kept_in_memory_under_the_providers_name()
    {
        var storage = cluster.Test.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>(SessionStreams.Provider);
        Assert.IsType<MemoryGrainStorage>(storage);
    }

    [Fact]
    public async Task Subscriptions_are_read_back_when_their_rendezvous_comes_up_anew()
    {
        var key = NewKey();
        var earlier = await SubscribeAsync(cluster.Test.Client, key);
        var stream = Stream(cluster.SiloClient(0), key);
        await stream.OnNextAsync(Batch(1));
        await earlier.TakeAsync(1);
        await cluster.Test.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, Cancelled);
        var later = await SubscribeAsync(cluster.Test.Client, key);
        await stream.OnNextAsync(Batch(2));
        Assert.Equal([2], await earlier.TakeAsync(1));
        Assert.Equal([2], await later.TakeAsync(1));
    }

    [Fact]
    public async Task A_batch_reaches_its_reader_while_the_pump_waits_for_it()
    {
        var key = NewKey();
        var recorder = await SubscribeAsync(cluster.SiloClient(1), key);
        var stream = Stream(cluster.SiloClient(0), key);
        await stream.OnNextAsync(Batch(1));
        await recorder.TakeAsync(1);
        var times = new List<double>();
        for (var seq = 2; seq <= 500; seq++)
        {
            var started = Stopwatch.GetTimestamp();
            await stream.OnNextAsync(Batch(seq));
            Assert.Equal([seq], await recorder.TakeAsync(1));
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"publish to reader, across silos: p50 {times[times.Count / 2]:F2} ms, p99 {times[times.Count * 99 / 100]:F2} ms"));
    }

    private static string NewKey() => $"t/s/{Guid.NewGuid():N}";

    private static IAsyncStream<FrameBatch> Stream(IClusterClient client, string key) =>
        client.GetStreamProvider(SessionStreams.Provider).GetStream<FrameBatch>(StreamId.Create(SessionStreams.Namespace, key));

    private static FrameBatch Batch(long seq) =>
        new() { Frames = new[] { new SessionFrame(seq, "turn", new TextFrame("你好")) }, ThroughSeq = seq, HeadSeq = seq };

    private static async Task<Recorder> SubscribeAsync(IClusterClient client, string key)
    {
        var recorder = new Recorder();
        recorder.Subscription = await Stream(client, key).SubscribeAsync(recorder);
        return recorder;
    }

    private sealed class Recorder : IAsyncObserver<FrameBatch>
    {
        private readonly Channel<long> _seqs = Channel.CreateUnbounded<long>();

        public StreamSubscriptionHandle<FrameBatch>? Subscription { get; set; }

        public int Waiting => _seqs.Reader.Count;

        public Task OnNextAsync(FrameBatch item, StreamSequenceToken? token = null)
        {
            foreach (var frame in item.Frames)
            {
                Assert.True(_seqs.Writer.TryWrite(frame.Seq));
            }

            return Task.CompletedTask;
        }

        public Task OnCompletedAsync() => Task.CompletedTask;

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

        public async Task<List<long>> TakeAsync(int count)
        {
            var taken = new List<long>();
            while (taken.Count < count)
            {
                taken.Add(await _seqs.Reader.ReadAsync(Cancelled).AsTask().WaitAsync(Patience, Cancelled));
            }

            return taken;
        }
    }

    public sealed class Cluster : IAsyncLifetime
    {
        public InProcessTestCluster Test { get; } = Build();

        public IClusterClient SiloClient(int silo) => Test.Silos[silo].ServiceProvider.GetRequiredService<IClusterClient>();

        public async ValueTask InitializeAsync() => await Test.DeployAsync();

        public async ValueTask DisposeAsync() => await Test.DisposeAsync();

        private static InProcessTestCluster Build()
        {
            var builder = new InProcessTestClusterBuilder(2);
            // As in the product, whose other state is JSON.
            builder.ConfigureSilo((_, silo) => silo.UseSystemTextJsonGrainStorageSerializer().AddSessionStreams());
            builder.ConfigureClient(client => client.AddSessionStreams());
            return builder.Build();
        }
    }
}
