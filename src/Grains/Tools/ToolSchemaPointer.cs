using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Grains.Tools;

/// <summary>References within a schema: <c>#</c>, or a JSON pointer behind it (RFC 6901, section 6).</summary>
internal static class ToolSchemaPointer
{
    /// <summary>The part that a reference leads to, or null.</summary>
    public static JsonElement? Find(JsonElement root, string reference)
    {
        if (reference == "#") return root;
        if (!reference.StartsWith("#/", StringComparison.Ordinal)) return null;
        var found = root;
        foreach (var part in Uri.UnescapeDataString(reference[2..]).Split('/'))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (found.ValueKind is JsonValueKind.Object && found.TryGetProperty(name, out var member))
                found = member;
            else if (found.ValueKind is JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < found.GetArrayLength())
                found = found[index];
            else
                return null;
        }

        return found.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False ? found : null;
    }
}
