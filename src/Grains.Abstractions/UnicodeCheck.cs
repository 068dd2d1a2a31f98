using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Grains.Abstractions;

/// <summary>Finds what is half of a surrogate pair, and so no text: in a text, or as an escape in a parsed document.</summary>
public static class UnicodeCheck
{
    /// <summary>The path of the first string that cannot be read, or <paramref name="path"/> itself when a member's name is at fault.</summary>
    public static string FindBroken(JsonElement element, string path) => Search(element, path) ?? path;

    /// <summary>Whether every string and every member's name can be read.</summary>
    public static bool IsReadable(JsonElement element) => Search(element, "") is null;

    /// <summary>Whether every half of a surrogate pair in a text has its other half.</summary>
    public static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }

    private static string? Search(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => SearchMembers(element, path),
        JsonValueKind.Array => SearchItems(element, path),
        JsonValueKind.String => IsReadable(element.GetString) ? null : path,
        _ => null,
    };

    private static string? SearchMembers(JsonElement element, string path)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (!IsReadable(() => member.Name))
                return path;
            if (Search(member.Value, string.Concat(path, ".", member.Name)) is { } found)
                return found;
        }

        return null;
    }

    private static string? SearchItems(JsonElement element, string path)
    {
        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            if (Search(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")) is { } found)
                return found;
            index++;
        }

        return null;
    }

    private static bool IsReadable(Func<string?> read)
    {
        try
        {
            read();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
