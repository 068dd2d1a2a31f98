namespace OpenClaw.Benchmarks.Shared;

/// <summary>
/// Finds the data lines of a stream of server-sent events that arrives in pieces of any size. Other fields, comments and
/// empty lines are skipped; no event here has more than one data line.
/// </summary>
public sealed class SseScanner
{
    private byte[] _carry = new byte[1024];
    private int _carried;

    /// <summary>
    /// Takes the next data line out of <paramref name="input"/>. False when the input is used up; a line that it ends in
    /// is kept for the next call. <paramref name="data"/> is valid until then.
    /// </summary>
    public bool TryRead(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> data)
    {
        while (!input.IsEmpty)
        {
            var newline = input.IndexOf((byte)'\n');
            if (newline < 0)
            {
                Carry(input);
                input = default;
                break;
            }

            ReadOnlySpan<byte> line = input[..newline];
            if (_carried > 0)
            {
                Carry(line);
                line = _carry.AsSpan(0, _carried);
                _carried = 0;
            }

            input = input[(newline + 1)..];
            if (line.StartsWith("data:"u8))
            {
                data = line[5..].Trim(" \r"u8);
                return true;
            }
        }

        data = default;
        return false;
    }

    /// <summary>Forgets an unfinished line, before the next response.</summary>
    public void Reset() => _carried = 0;

    private void Carry(ReadOnlySpan<byte> part)
    {
        if (_carried + part.Length > _carry.Length)
            Array.Resize(ref _carry, Math.Max(_carry.Length * 2, _carried + part.Length));
        part.CopyTo(_carry.AsSpan(_carried));
        _carried += part.Length;
    }
}
