using System.Buffers;
using System.Text;
using OpenClaw.Grains.Abstractions;

namespace OpenClaw.Grains.Tasks.Actions;

/// <summary>The beginning of a text that may be long.</summary>
/// <param name="maxBytes">Of UTF-8.</param>
internal sealed class BoundedText(int maxBytes)
{
    private readonly ArrayBufferWriter<byte> _utf8 = new();

    /// <summary>There was more.</summary>
    public bool IsCut { get; private set; }

    public void Append(string text)
    {
        if (IsCut) return;
        var bytes = Encoding.UTF8.GetBytes(text);
        var room = maxBytes - _utf8.WrittenCount;
        IsCut = bytes.Length > room;
        _utf8.Write(IsCut ? WholeCharacters.Of(bytes.AsSpan(0, room)) : bytes);
    }

    public override string ToString() => Encoding.UTF8.GetString(_utf8.WrittenSpan);
}
