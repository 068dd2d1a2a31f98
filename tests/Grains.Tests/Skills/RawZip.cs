using System.Text;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Tests.Skills;

/// <summary>A zip that no program writes: names, modes, flags, sizes and checksums are taken as they are given (APPNOTE.TXT 4.3).</summary>
internal sealed class RawZip
{
    private const uint LocalSignature = 0x04034b50;
    private const uint EntrySignature = 0x02014b50;
    private const uint EndSignature = 0x06054b50;
    private const ushort NamesAreUtf8 = 0x0800;
    private const ushort Encrypted = 0x0001;
    private const ushort Version = 20;
    private const ushort MadeOnUnix = 3 << 8;

    private readonly List<byte> _entries = [];
    private readonly List<byte> _directory = [];
    private ushort _count;

    /// <param name="name">As it stands in the archive.</param>
    /// <param name="mode">Type and rights of Unix; 0 says nothing.</param>
    /// <param name="isEncrypted">The flag that says so.</param>
    /// <param name="checksum">Null is the right one.</param>
    public RawZip Add(string name, int mode = 0, bool isEncrypted = false, uint? checksum = null) =>
        Add(name, "content"u8.ToArray(), mode, isEncrypted, checksum, 0, null);

    /// <param name="name">As it stands in the archive.</param>
    /// <param name="deflated">The content, compressed.</param>
    /// <param name="size">What the archive says of its size.</param>
    public RawZip AddDeflated(string name, byte[] deflated, uint size) => Add(name, deflated, 0, false, 0, 8, size);

    public MemoryStream ToStream()
    {
        var zip = new MemoryStream();
        zip.Write([.. _entries, .. _directory]);
        using var writer = new BinaryWriter(zip, Encoding.UTF8, leaveOpen: true);
        writer.Write(EndSignature);
        writer.Write(0u);
        writer.Write(_count);
        writer.Write(_count);
        writer.Write((uint)_directory.Count);
        writer.Write((uint)_entries.Count);
        writer.Write((ushort)0);
        writer.Flush();
        zip.Position = 0;
        return zip;
    }

    private RawZip Add(string name, byte[] content, int mode, bool isEncrypted, uint? checksum, ushort method, uint? size)
    {
        var right = new ZipChecksum();
        right.Add(content);
        var offset = (uint)_entries.Count;
        var bytes = Encoding.UTF8.GetBytes(name);
        _entries.AddRange(Written(local =>
        {
            local.Write(LocalSignature);
            WriteCommon(local);
            local.Write(bytes);
            local.Write(content);
        }));
        _directory.AddRange(Written(entry =>
        {
            entry.Write(EntrySignature);
            entry.Write((ushort)(MadeOnUnix | Version));
            WriteCommon(entry);
            entry.Write((ushort)0);
            entry.Write((ushort)0);
            entry.Write((ushort)0);
            entry.Write((uint)mode << 16);
            entry.Write(offset);
            entry.Write(bytes);
        }));

        _count++;
        return this;

        void WriteCommon(BinaryWriter writer)
        {
            writer.Write(Version);
            writer.Write((ushort)(NamesAreUtf8 | (isEncrypted ? Encrypted : 0)));
            writer.Write(method);
            writer.Write(0u);
            writer.Write(checksum ?? right.Value);
            writer.Write((uint)content.Length);
            writer.Write(size ?? (uint)content.Length);
            writer.Write((ushort)bytes.Length);
            writer.Write((ushort)0);
        }
    }

    private static byte[] Written(Action<BinaryWriter> write)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        write(writer);
        writer.Flush();
        return bytes.ToArray();
    }
}
