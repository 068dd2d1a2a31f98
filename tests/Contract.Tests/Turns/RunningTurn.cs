using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Turns;

/// <summary>A streamed turn that has begun to speak, with everything it said so far.</summary>
internal sealed class RunningTurn : IAsyncDisposable
{
    private readonly ApiStream _stream;

    private RunningTurn(ApiStream stream, List<StreamFrame> frames)
    {
        _stream = stream;
        Frames = frames;
    }

    public List<StreamFrame> Frames { get; }

    public string TurnId => Frames[0].TurnId;

    public static async Task<RunningTurn> StartAsync(TestTenant tenant, string sessionId, string content, CancellationToken cancellationToken)
    {
        var stream = await tenant.Client.StreamMessageAsync(sessionId, content, cancellationToken);
        return new RunningTurn(stream, await stream.ReadUntilAsync(frame => frame.Type == "text", cancellationToken));
    }

    /// <summary>The turn's last frame.</summary>
    public async Task<StreamFrame> FinishAsync(CancellationToken cancellationToken)
    {
        Frames.AddRange(await _stream.ReadToEndAsync(cancellationToken));
        return Frames[^1];
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
