using System.Buffers;
using System.IO.Pipelines;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Http;

/// <summary>A request's body in a pooled buffer, at most <see cref="FrontendOptions.MaxBodyBytes"/> long.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBuffer = 4 * 1024;

    /// <summary>What is set aside before the bytes have come, whatever length the caller announces.</summary>
    private const int MostInAdvance = 64 * 1024;

    private byte[] _buffer;
    private int _length;

    private RequestBody(byte[] buffer) => _buffer = buffer;

    public ReadOnlyMemory<byte> Utf8 => _buffer.AsMemory(0, _length);

    /// <summary>Set when the body was too large; the rest was not read.</summary>
    public Problem? Problem { get; private set; }

    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > FrontendOptions.MaxBodyBytes)
            return new RequestBody([]) { Problem = RequestProblems.BodyTooLarge };
        if (request.ContentLength == 0)
            return new RequestBody([]);

        var announced = (int)(request.ContentLength ?? FirstBuffer);
        var body = new RequestBody(ArrayPool<byte>.Shared.Rent(Math.Clamp(announced, 1, MostInAdvance)));
        try
        {
            await body.FillAsync(request.BodyReader, cancellationToken);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private async ValueTask FillAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var bytes = read.Buffer;
            if (_length + bytes.Length > FrontendOptions.MaxBodyBytes)
            {
                reader.AdvanceTo(bytes.End);
                Problem = RequestProblems.BodyTooLarge;
                return;
            }

            Append(bytes);
            reader.AdvanceTo(bytes.End);
            if (read.IsCompleted)
                return;
        }
    }

    private void Append(ReadOnlySequence<byte> bytes)
    {
        var needed = _length + (int)bytes.Length;
        if (needed > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length = needed;
    }
}
