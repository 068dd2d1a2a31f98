using System.Text;
using System.Text.Json;

namespace OpenClaw.Grains.Tools;

/// <summary>Equality of JSON values as JSON Schema has it: numbers by their value, objects in any order.</summary>
internal static class ToolSchemaEquality
{
    public static bool AreEqual(JsonElement left, JsonElement right) => left.ValueKind == right.ValueKind && Canonical(left) == Canonical(right);

    public static bool IsOneOf(JsonElement options, JsonElement value)
    {
        var text = Canonical(value);
        return options.EnumerateArray().Any(option => option.ValueKind == value.ValueKind && Canonical(option) == text);
    }

    /// <summary>The first item that is equal to one before it, or null.</summary>
    public static int? FindTwice(JsonElement array)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (!seen.Add(Canonical(item))) return index;
            index++;
        }

        return null;
    }

    private static string Canonical(JsonElement value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    text.Append(member.Name.Length).Append(':').Append(member.Name);
                    Write(text, member.Value);
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Write(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                var content = value.GetString()!;
                text.Append('"').Append(content.Length).Append(':').Append(content);
                break;
            case JsonValueKind.Number:
                text.Append(ToolSchemaNumber.Write(value));
                break;
            default:
                text.Append(value.ValueKind.ToString());
                break;
        }
    }
}
