using System.Buffers;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Tools;

/// <summary>What tools tell a client of what they did; the types are in the API contract.</summary>
internal static class ToolActions
{
    public const string FileCreated = "file_created";
    public const string FileModified = "file_modified";
    public const string CommandExecuted = "command_executed";
    public const string MemoryStored = "memory_stored";
    public const string SkillExecuted = "skill_executed";
    public const string PageOpened = "page_opened";
    public const string TaskCreated = "task_created";

    /// <summary>An action with one field of text.</summary>
    public static TurnAction Of(string type, string name, string value) => Of(type, (name, value));

    /// <summary>An action with fields of text.</summary>
    public static TurnAction Of(string type, params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in fields) json.WriteString(name, value);
            json.WriteEndObject();
        }

        return new TurnAction(type, new JsonPayload(buffer.WrittenMemory));
    }
}
