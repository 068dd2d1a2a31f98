using System.Text.Json;
using OpenClaw.Grains.Abstractions;

namespace OpenClaw.Grains.Tools;

/// <summary>Arguments as a model wrote them.</summary>
internal static class ToolArguments
{
    /// <summary>Whether every text in them is one: an escape may be half of a surrogate pair, which nobody can read or write.</summary>
    /// <param name="json">The arguments' own text, where most that have no such escape are told by.</param>
    /// <param name="arguments">The same, parsed.</param>
    public static bool AreText(string json, JsonElement arguments) =>
        !json.Contains("\\ud", StringComparison.OrdinalIgnoreCase) || UnicodeCheck.IsReadable(arguments);
}
