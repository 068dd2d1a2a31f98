using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Streams;
using Orleans.Streams;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>The streams of sessions.</summary>
internal sealed class SessionStreamSource(IClusterClient client) : IStreamSource<SessionKey, FrameBatch>
{
    public IAsyncStream<FrameBatch> StreamOf(SessionKey key) =>
        client.GetStreamProvider(SessionStreams.Provider).GetStream<FrameBatch>(StreamId.Create(SessionStreams.Namespace, key.ToString()));

    public Task<long> RenewAsync(SessionKey key) => client.GetSession(key).Watch(CancellationToken.None);

    public long HeadOf(FrameBatch item) => item.HeadSeq;

    public int WeightOf(FrameBatch item) => item.Frames.Count;

    public bool IsEnd(FrameBatch item) => item.Status == FrameBatchStatus.Gone;
}
