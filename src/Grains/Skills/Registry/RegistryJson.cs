using System.Text.Json;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Skills.Registry;

/// <summary>An object in the registry's answer. What has another type than it should is a <see cref="RegistryException"/>.</summary>
internal readonly record struct RegistryJson(JsonElement Element)
{
    private const int MaxDepth = 32;

    public static RegistryException Misunderstood(Exception? inner = null) => new(Problem.Internal(502, RegistryReasons.Misunderstood), inner);

    /// <summary>Null when it is no JSON, or no object.</summary>
    public static RegistryJson? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var element = JsonElement.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return element.ValueKind is JsonValueKind.Object ? new RegistryJson(element) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>An object in this one; null when there is none.</summary>
    public RegistryJson? Part(string name) => Find(name, JsonValueKind.Object) is { } part ? new RegistryJson(part) : null;

    /// <summary>Null when there is none.</summary>
    public string? Text(string name) => Find(name, JsonValueKind.String) is { } text ? TextOf(text) : null;

    /// <summary>False when nothing is said.</summary>
    public bool IsTrue(string name) => Find(name, JsonValueKind.True, JsonValueKind.False) is { ValueKind: JsonValueKind.True };

    /// <summary>True only when it says so: not when nothing is said.</summary>
    public bool IsFalse(string name) => Find(name, JsonValueKind.True, JsonValueKind.False) is { ValueKind: JsonValueKind.False };

    /// <summary>Null when there is none.</summary>
    public int? Number(string name) =>
        Find(name, JsonValueKind.Number) is not { } number ? null : number.TryGetInt32(out var value) ? value : throw Misunderstood();

    /// <summary>Empty when there are none.</summary>
    public IReadOnlyList<string> Texts(string name) => Find(name, JsonValueKind.Array) is not { } list
        ? []
        : [.. list.EnumerateArray().Select(item => item.ValueKind is JsonValueKind.String ? TextOf(item) : throw Misunderstood())];

    private JsonElement? Find(string name, params JsonValueKind[] kinds)
    {
        try
        {
            if (!Element.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null) return null;
            return kinds.Contains(value.ValueKind) ? value : throw Misunderstood();
        }
        catch (InvalidOperationException failure)
        {
            // A name beside it that is no text.
            throw Misunderstood(failure);
        }
    }

    private static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException failure)
        {
            // Bytes that are no UTF-8, or half a character.
            throw Misunderstood(failure);
        }
    }
}
