using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tests.Hosting;

/// <summary>A session as a test talks to it.</summary>
internal sealed record TestSession(SessionKey Key, ISessionGrain Grain)
{
    public async Task<SendResult> SendAsync(
        string content, OverlapRule? overlap = null, IdempotencyKey? key = null, Scopes scopes = Scopes.All) =>
        await Grain.Send(
            new SendMessage { Content = content, Overlap = overlap, Idempotency = key, Scopes = scopes },
            TestContext.Current.CancellationToken);

    /// <summary>The turn's frames up to its end.</summary>
    public async Task<List<SessionFrame>> ReadTurnAsync(string turnId, long after = 0)
    {
        var frames = new List<SessionFrame>();
        FrameBatch batch;
        do
        {
            batch = await ReadAsync(after, turnId);
            frames.AddRange(batch.Frames);
            after = batch.ThroughSeq;
        }
        while (batch.Status is FrameBatchStatus.Open);
        return frames;
    }

    /// <summary>All frames there are, in order.</summary>
    public async Task<List<SessionFrame>> ReadAllAsync()
    {
        var frames = new List<SessionFrame>();
        for (long after = 0; ;)
        {
            var batch = await Grain.Read(new FrameCursor(after, null, 0, 1000), TestContext.Current.CancellationToken);
            frames.AddRange(batch.Frames);
            if (batch.ThroughSeq >= batch.HeadSeq) return frames;
            after = batch.ThroughSeq;
        }
    }

    public Task<FrameBatch> ReadAsync(long after, string? turnId) =>
        Grain.Read(new FrameCursor(after, turnId, 500, 1000), TestContext.Current.CancellationToken);

    public async Task<TurnAnswer> AnswerAsync(string turnId)
    {
        await ReadTurnAsync(turnId);
        return (await Grain.GetAnswer(turnId, TestContext.Current.CancellationToken))!;
    }

    public async Task<SessionInfo> InfoAsync() => (await Grain.Get(TestContext.Current.CancellationToken))!;

    public async Task<IReadOnlyList<SessionMessage>> HistoryAsync() =>
        (await Grain.ListMessages(new MessageQuery(200, null, Descending: false), TestContext.Current.CancellationToken))!.Messages;

    public static string TextOf(IEnumerable<SessionFrame> frames) => string.Concat(frames.Select(frame => frame.Frame switch
    {
        TextFrame text => text.Content,
        CodeFrame code => code.Content,
        _ => "",
    }));
}
