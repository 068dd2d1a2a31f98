using System.Text.Json;
using OpenClaw.ModelServer;

namespace OpenClaw.Contract.Tests.SkillTurns;

/// <summary>What one request showed the model.</summary>
/// <param name="System">Its system prompt.</param>
/// <param name="UserText">The last user's message.</param>
/// <param name="Tools">Names of the tools that it was offered.</param>
/// <param name="Results">What tools answered, in the order of the calls.</param>
public sealed record AskedModel(string System, string UserText, IReadOnlyList<string> Tools, IReadOnlyList<string> Results)
{
    public static AskedModel Of(RecordedRequest request)
    {
        var root = JsonElement.Parse(request.Body);
        var messages = root.GetProperty("messages").EnumerateArray().ToList();
        return new AskedModel(
            string.Join('\n', ContentsOf(messages, "system", "developer")),
            request.UserText,
            root.TryGetProperty("tools", out var tools)
                ? [.. tools.EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()!)]
                : [],
            [.. ContentsOf(messages, "tool")]);
    }

    private static IEnumerable<string> ContentsOf(IEnumerable<JsonElement> messages, params string[] roles) =>
        messages.Where(message => roles.Contains(message.GetProperty("role").GetString()!)).Select(message => TextOf(message.GetProperty("content")));

    /// <summary>A content is a text, or a list of parts.</summary>
    private static string TextOf(JsonElement content) => content.ValueKind is JsonValueKind.Array
        ? string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()))
        : content.GetString() ?? "";
}
