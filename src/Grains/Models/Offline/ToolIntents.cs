using OpenClaw.Grains.Models.Offline.Intents;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>What the built-in model can do with tools.</summary>
internal static class ToolIntents
{
    public static IReadOnlyList<ToolIntent> All { get; } =
    [
        TimeIntents.Now,
        FileIntents.Organise,
        FileIntents.Write,
        FileIntents.Read,
        FileIntents.List,
        FileIntents.Search,
        CommandIntents.Run,
    ];
}
