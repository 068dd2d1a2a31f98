using System.Text.Json;

namespace OpenClaw.WebFrontend.Errors;

/// <summary>The kinds of JSON values, as a reader of an error message knows them.</summary>
internal enum JsonKind
{
    Null,
    Object,
    Array,
    String,
    Number,
    Boolean,
}

internal static class JsonKinds
{
    public static JsonKind Kind(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonKind.Object,
        JsonValueKind.Array => JsonKind.Array,
        JsonValueKind.String => JsonKind.String,
        JsonValueKind.Number => JsonKind.Number,
        JsonValueKind.True or JsonValueKind.False => JsonKind.Boolean,
        _ => JsonKind.Null,
    };
}
