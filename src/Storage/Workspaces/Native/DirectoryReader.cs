using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpenClaw.Storage.Workspaces.Native;

/// <summary>Reads the names in an open directory, as bytes, in the order of the file system; see getdents64(2).</summary>
internal sealed class DirectoryReader(SafeFileHandle directory) : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private const int LengthAt = 16;
    private const int TypeAt = 18;
    private const int NameAt = 19;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _filled;
    private int _next;
    private int _at;

    public EntryType Type => (EntryType)_buffer[_at + TypeAt];

    /// <summary>The name with a NUL at its end, for calls that take bytes; valid until the next one is read.</summary>
    public ReadOnlySpan<byte> TerminatedName
    {
        get
        {
            var name = _buffer.AsSpan(_at + NameAt, _next - _at - NameAt);
            return name[..(name.IndexOf((byte)0) + 1)];
        }
    }

    public ReadOnlySpan<byte> Name => TerminatedName[..^1];

    /// <summary>Goes on to the next name; <c>.</c> and <c>..</c> are passed over.</summary>
    public bool Read()
    {
        while (true)
        {
            if (_next >= _filled && !Fill()) return false;
            _at = _next;
            _next += BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(_at + LengthAt));
            if (!Name.SequenceEqual("."u8) && !Name.SequenceEqual(".."u8)) return true;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private bool Fill()
    {
        _next = 0;
        _filled = (int)LibC.GetDirectoryEntries(directory, _buffer, BufferSize);
        if (_filled >= 0) return _filled > 0;
        _filled = 0;
        // Removed while it is read: it holds nothing any more.
        if (Marshal.GetLastPInvokeError() is Errno.NoEntry) return false;
        throw new IOException($"A directory could not be read: {Marshal.GetLastPInvokeErrorMessage()}.");
    }
}

/// <summary>The kinds of entries as getdents64 tells them apart.</summary>
internal enum EntryType : byte
{
    /// <summary>The file system does not say; the status does.</summary>
    Unknown = 0,
    Directory = 4,
    Regular = 8,
}
