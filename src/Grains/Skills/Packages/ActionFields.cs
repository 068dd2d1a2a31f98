using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>The fields of an object in <c>actions.json</c>.</summary>
/// <param name="element">The object.</param>
/// <param name="path">Where it stands; empty for the whole.</param>
internal sealed class ActionFields(JsonElement element, string path)
{
    private const int MaxPairs = 64;

    /// <summary>Refuses every other field, so that a slip of the pen shows.</summary>
    public void Only(params ReadOnlySpan<string> names)
    {
        if (element.ValueKind is not JsonValueKind.Object) throw new ActionsException(path, "must be an object");
        foreach (var member in element.EnumerateObject())
        {
            if (!names.Contains(member.Name)) throw Wrong(member.Name, $"is not known here; there are {string.Join(", ", names.ToArray())}");
        }
    }

    /// <summary>The value, or null when there is none.</summary>
    public JsonElement? Find(string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var found) && found.ValueKind is not JsonValueKind.Null ? found : null;

    public ActionsException Wrong(string name, string must) => new(PathOf(name), must);

    public string? Text(string name, int most)
    {
        if (Find(name) is not { } found) return null;
        if (found.ValueKind is not JsonValueKind.String) throw Wrong(name, "must be a text");
        var text = found.GetString()!;
        return text.Length <= most && !text.Contains('\0') ? text : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must not be longer than {most} characters, or hold U+0000"));
    }

    public string? Template(string name, int most) =>
        Text(name, most) is not { } text ? null : SkillTemplate.FindProblem(text) is { } problem ? throw Wrong(name, problem) : text;

    public bool Flag(string name) => Find(name) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(name, "must be true or false"),
    };

    public int? Integer(string name, int least, int most) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } found when found.TryGetInt32(out var value) && value >= least && value <= most => value,
        _ => throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be an integer from {least} to {most}")),
    };

    public ActionFields? Object(string name) => Find(name) is { } found ? new ActionFields(found, PathOf(name)) : null;

    public IReadOnlyList<ActionFields> Items(string name, int most, bool required)
    {
        if (Find(name) is not { } found) return required ? throw Wrong(name, "is missing") : [];
        if (found.ValueKind is not JsonValueKind.Array || found.GetArrayLength() == 0 || found.GetArrayLength() > most)
            throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be an array of 1 to {most}"));
        return [.. found.EnumerateArray().Select((item, index) => new ActionFields(item, string.Create(CultureInfo.InvariantCulture, $"{PathOf(name)}[{index}]")))];
    }

    public IReadOnlyList<string> Texts(string name, int most, int length)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array } found || found.GetArrayLength() is 0 || found.GetArrayLength() > most)
            throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be an array of 1 to {most} texts"));
        return [.. found.EnumerateArray().Select((item, index) => item.ValueKind is JsonValueKind.String && item.GetString() is { } text && text.Length <= length && !text.Contains('\0')
            ? text
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]"), string.Create(CultureInfo.InvariantCulture, $"must be a text of at most {length} characters")))];
    }

    /// <summary>Names with templates.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Templates(string name)
    {
        if (Find(name) is not { } found) return [];
        if (found.ValueKind is not JsonValueKind.Object || found.EnumerateObject().Count() > MaxPairs)
            throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be an object of at most {MaxPairs} texts"));
        var fields = new ActionFields(found, PathOf(name));
        return [.. found.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, fields.Template(member.Name, 8192) ?? throw fields.Wrong(member.Name, "must be a text")))];
    }

    private string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";
}
