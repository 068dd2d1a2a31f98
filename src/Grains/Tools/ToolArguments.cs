using System.Text.Json;

namespace OpenClaw.Grains.Tools;

/// <summary>Arguments as a model wrote them.</summary>
internal static class ToolArguments
{
    /// <summary>Whether every text in them is one: an escape may be half of a surrogate pair, which nobody can read or write.</summary>
    /// <param name="json">The arguments' own text, where most that have no such escape are told by.</param>
    /// <param name="arguments">The same, parsed.</param>
    public static bool AreText(string json, JsonElement arguments)
    {
        if (!json.Contains("\\ud", StringComparison.OrdinalIgnoreCase)) return true;
        try
        {
            Read(arguments);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Read(item);
                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    Read(member.Value);
                }

                break;
        }
    }
}
