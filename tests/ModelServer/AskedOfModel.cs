namespace OpenClaw.ModelServer;

/// <summary>What scripts can look at in a request, whatever its protocol.</summary>
internal sealed record AskedOfModel
{
    public required string Model { get; init; }

    public required bool Stream { get; init; }

    /// <summary>OpenAI counts tokens in a stream only when asked to.</summary>
    public required bool WantsUsage { get; init; }

    /// <summary>Text of the last user's message.</summary>
    public required string UserText { get; init; }

    /// <summary>Results of tools that came after it, joined; null when there is none.</summary>
    public string? ToolResults { get; init; }

    /// <summary>How many results those are.</summary>
    public int ToolResultCount { get; init; }

    public int Images { get; init; }
}
