using System.Text;
using OpenClaw.Grains.Abstractions.Commands;

namespace OpenClaw.Grains.Commands;

/// <summary>What a command has written, piece by piece, up to a limit for each stream. Safe for threads.</summary>
internal sealed class OutputLog
{
    private const int MaxPiece = 4096;

    private readonly Lock _lock = new();
    private readonly List<OutputPiece> _pieces = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _seen;
    private bool _truncated;

    public bool Truncated
    {
        get
        {
            lock (_lock) return _truncated;
        }
    }

    /// <summary>Completes with the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock) return _changed.Task;
        }
    }

    /// <summary>The pieces behind the first so many, and how many there are.</summary>
    public (OutputPiece[] Pieces, int Through) After(int count)
    {
        lock (_lock)
        {
            _seen = _pieces.Count;
            return ([.. _pieces.Skip(count)], _pieces.Count);
        }
    }

    /// <summary>Reads a stream to its end, whether or not there is room for it: a program that is not read would hang.</summary>
    public async Task PumpAsync(Stream stream, bool isError)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[16 * 1024];
        var characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        var left = CommandOutput.MaxBytes;
        while (true)
        {
            var read = await stream.ReadAsync(bytes);
            var kept = Math.Min(read, left);
            left -= kept;
            // At the end, what is left of a character that was cut becomes a replacement.
            var length = decoder.GetChars(bytes.AsSpan(0, kept), characters, flush: read == 0);
            if (length > 0 || kept < read) Add(length > 0 ? new OutputPiece(isError, new string(characters, 0, length)) : null, kept < read);
            if (read == 0) return;
        }
    }

    private void Add(OutputPiece? piece, bool truncated)
    {
        lock (_lock)
        {
            _truncated |= truncated;
            if (piece is null) return;
            // What nobody has seen yet grows: a program that writes letter by letter must not cost a piece for each.
            if (_pieces.Count > _seen && _pieces[^1] is var last && last.IsError == piece.IsError && last.Text.Length < MaxPiece)
                _pieces[^1] = new OutputPiece(last.IsError, last.Text + piece.Text);
            else
                _pieces.Add(piece);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
