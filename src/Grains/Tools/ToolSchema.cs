using System.Text.Json;
using OpenClaw.Grains.Abstractions;

namespace OpenClaw.Grains.Tools;

/// <summary>
/// JSON Schema (draft 2020-12) as tools and skills use it. Schema and value may both be an attacker's: no expression backtracks, and
/// the work of one check is bounded. What is not supported (<c>unevaluated...</c>, dynamic and remote references) is refused when a
/// schema is taken in, so that no constraint is ignored silently.
/// </summary>
internal static class ToolSchema
{
    /// <summary>What keeps a schema from being used, and where in it; null when it can be.</summary>
    /// <returns>Path such as <c>properties.a.pattern</c>, empty for the schema itself.</returns>
    public static (string Path, string Reason)? FindProblem(JsonElement schema) => new ToolSchemaRules(schema).FindProblem();

    /// <summary>What is wrong with a value, with the path to it, in words for a model; null when it fits.</summary>
    public static string? Check(JsonElement schema, JsonElement value) =>
        Find(schema, value) is { } found ? $"arguments{(found.Path.Length == 0 || found.Path[0] == '[' ? "" : ".")}{found.Path} {found.Reason}" : null;

    /// <summary>What is wrong with a value; null when it fits.</summary>
    /// <returns>Path such as <c>items[0].name</c>, empty for the value itself, and what it must be.</returns>
    public static (string Path, string Reason)? Find(JsonElement schema, JsonElement value)
    {
        try
        {
            return new ToolSchemaCheck(schema).Find(schema, value);
        }
        catch (SchemaTooComplexException)
        {
            return ("", "is too complex to be checked against the schema");
        }
        catch (InvalidOperationException) when (!UnicodeCheck.IsReadable(value))
        {
            return (UnicodeCheck.FindBroken(value, "").TrimStart('.'), "is no text: it holds half of a surrogate pair");
        }
    }
}

/// <summary>A check has used up its steps.</summary>
internal sealed class SchemaTooComplexException : Exception;
