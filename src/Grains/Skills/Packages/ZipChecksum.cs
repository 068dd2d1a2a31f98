namespace OpenClaw.Grains.Skills.Packages;

/// <summary>CRC-32 of an entry of an archive (APPNOTE.TXT 4.4.7), which .NET 10 reads and does not compare.</summary>
internal sealed class ZipChecksum
{
    private const uint Polynomial = 0xedb88320;

    private static readonly uint[] Table = MakeTable();

    private uint _rest = uint.MaxValue;

    public uint Value => ~_rest;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var next in bytes) _rest = Table[(_rest ^ next) & 0xff] ^ (_rest >> 8);
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var index = 0u; index < table.Length; index++)
        {
            var rest = index;
            for (var bit = 0; bit < 8; bit++) rest = (rest & 1) == 0 ? rest >> 1 : (rest >> 1) ^ Polynomial;
            table[index] = rest;
        }

        return table;
    }
}
