using OpenClaw.Grains.Models.Offline.Intents;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>What the built-in model can do with tools. Where two wishes begin together and are as long, the first here is meant.</summary>
internal static class ToolIntents
{
    public static IReadOnlyList<ToolIntent> All { get; } =
    [
        TimeIntents.Now,
        TaskIntents.Create,
        TaskIntents.List,
        TaskIntents.Delete,
        MemoryIntents.Search,
        MemoryIntents.Store,
        MemoryIntents.Delete,
        BrowserIntents.Screenshot,
        BrowserIntents.Open,
        BrowserIntents.Snapshot,
        BrowserIntents.Execute,
        BrowserIntents.Act,
        FileIntents.Organise,
        FileIntents.Write,
        FileIntents.Read,
        FileIntents.List,
        FileIntents.Search,
        CommandIntents.Run,
    ];
}
