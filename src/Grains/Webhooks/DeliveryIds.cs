using System.Globalization;

namespace OpenClaw.Grains.Webhooks;

/// <summary>A delivery's id: <c>del-</c> and the event's number, which no webhook has twice.</summary>
internal static class DeliveryIds
{
    private const string Prefix = "del-";
    private const string Format = "x16";

    public static string Of(long seq) => Prefix + seq.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The event's number, or null when the text is no delivery's id.</summary>
    public static long? SeqOf(string id) =>
        id.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(id.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seq) && Of(seq) == id
            ? seq
            : null;
}
