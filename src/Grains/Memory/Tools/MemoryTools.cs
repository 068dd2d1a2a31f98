using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Memory.Tools;

/// <summary>What the memory tools have in common.</summary>
internal static class MemoryTools
{
    /// <summary>The argument that they all take.</summary>
    public const string NamespaceProperty =
        """
        "namespace": { "type": "string", "description": "A memory of its own, of A-Za-z0-9._-; default when left out.", "minLength": 1, "maxLength": 64 }
        """;

    /// <summary>Of a value shown to a model, in UTF-16 units.</summary>
    private const int MaxShown = 2000;

    /// <summary>What a model is told whose <c>namespace</c> is none.</summary>
    public static ToolResult NoNamespace { get; } = ToolResult.Failure("namespace: must be 1 to 64 of A-Za-z0-9._-");

    /// <summary>The namespace that the arguments name, of the session's tenant; null when they name none that can be.</summary>
    public static IMemoryNamespaceGrain? Memory(this ToolCallContext context, IGrainFactory grains, JsonElement arguments)
    {
        var name = arguments.TryGetProperty("namespace", out var given) ? given.GetString()! : MemoryNamespaceKey.DefaultNamespace;
        return KeyNames.IsName(name) ? grains.GetMemory(new MemoryNamespaceKey(context.Session.Tenant, name)) : null;
    }

    public static MemorySource MemorySource(this ToolCallContext context) => new() { SessionId = context.Session.SessionId, TurnId = context.TurnId };

    /// <summary>A line for a model: the key, and the value as it would be said.</summary>
    public static string LineOf(string key, ReadOnlyMemory<byte> value)
    {
        // On one line, so that no value can be taken for another entry.
        var text = TextOf(value).ReplaceLineEndings(" ");
        var shown = text.Length <= MaxShown ? text : $"{WholeCharacters.Of(text, MaxShown)}…";
        return $"[{key.ReplaceLineEndings(" ")}] {shown}";
    }

    private static string TextOf(ReadOnlyMemory<byte> value)
    {
        using var document = JsonDocument.Parse(value);
        return document.RootElement.ValueKind is JsonValueKind.String ? document.RootElement.GetString()! : Encoding.UTF8.GetString(value.Span);
    }
}
