using System.Runtime.CompilerServices;

namespace OpenClaw.Testing.Http;

/// <summary>An answer that is read while it is written.</summary>
public sealed class ApiStream : IAsyncDisposable
{
    /// <summary>No stream is silent for longer: a ping comes every 15 s.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(40);

    /// <summary>What a test waits for comes within this time, or never: pings alone would keep it waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpResponseMessage _message;
    private readonly SseReader _reader;

    private ApiStream(HttpResponseMessage message, SseReader reader)
    {
        _message = message;
        _reader = reader;
    }

    public int Status => (int)_message.StatusCode;

    public string? ContentType => _message.Content.Headers.ContentType?.MediaType;

    public string? Header(string name) => _message.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    internal static async Task<ApiStream> OpenAsync(HttpResponseMessage message, CancellationToken cancellationToken) =>
        new(message, new SseReader(await message.Content.ReadAsStreamAsync(cancellationToken)));

    /// <summary>The next event or comment, or null at the end. Throws when none comes in 40 s.</summary>
    public async Task<SseEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Silence);
        try
        {
            return await _reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Neither an event nor a ping in {Silence}.");
        }
    }

    /// <summary>The frames as they come in, comments left out, until the stream ends.</summary>
    public async IAsyncEnumerable<StreamFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await ReadAsync(cancellationToken) is { } next)
        {
            if (next.Comment is null)
                yield return StreamFrame.Parse(next);
        }
    }

    /// <summary>The next frame, or null at the end.</summary>
    public async Task<StreamFrame?> ReadFrameAsync(CancellationToken cancellationToken)
    {
        await foreach (var frame in ReadFramesAsync(cancellationToken))
            return frame;
        return null;
    }

    /// <summary>
    /// The frames up to and with the first that the condition holds for. Throws when the stream ends before, or after
    /// 60 s.
    /// </summary>
    public async Task<List<StreamFrame>> ReadUntilAsync(Func<StreamFrame, bool> last, CancellationToken cancellationToken)
    {
        var (frames, found) = await ReadAsync(last, cancellationToken);
        return found
            ? frames
            : throw new EndOfStreamException($"The stream ended before the awaited frame. Frames:\n{string.Join('\n', frames)}");
    }

    /// <summary>The frames up to the end of the stream. Throws when it has not ended after 60 s.</summary>
    public async Task<List<StreamFrame>> ReadToEndAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(_ => false, cancellationToken)).Frames;

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _message.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<(List<StreamFrame> Frames, bool Found)> ReadAsync(
        Func<StreamFrame, bool> last, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var frames = new List<StreamFrame>();
        try
        {
            await foreach (var frame in ReadFramesAsync(limit.Token))
            {
                frames.Add(frame);
                if (last(frame))
                    return (frames, true);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {Patience}. Frames:\n{string.Join('\n', frames)}");
        }

        return (frames, false);
    }
}
