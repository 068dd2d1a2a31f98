namespace OpenClaw.ModelServer;

/// <summary>An answer and what goes wrong with it. Chunks are counted from 1.</summary>
public sealed record ModelAnswer
{
    /// <summary>What is said, or null for nothing.</summary>
    public string? Text { get; init; }

    /// <summary>Characters in a chunk; 0 makes each word a chunk.</summary>
    public int ChunkSize { get; init; }

    /// <summary>Before the response's first byte.</summary>
    public int FirstDelayMilliseconds { get; init; }

    /// <summary>Before each chunk.</summary>
    public int DelayMilliseconds { get; init; }

    public IReadOnlyList<ScriptedToolCall> ToolCalls { get; init; } = [];

    /// <summary>As the protocol names it, or null for the one that fits.</summary>
    public string? FinishReason { get; init; }

    /// <summary>False leaves the count of tokens out.</summary>
    public bool Usage { get; init; } = true;

    /// <summary>Anything but 200 is an error with <see cref="ErrorMessage"/>.</summary>
    public int Status { get; init; } = 200;

    public string? ErrorMessage { get; init; }

    /// <summary>Sent instead of the body that the protocol would have.</summary>
    public string? Body { get; init; }

    public string? ContentType { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Never answers at all.</summary>
    public bool Hang { get; init; }

    /// <summary>Falls silent after so many chunks, the connection stays open.</summary>
    public int? HangAfter { get; init; }

    /// <summary>While silent, sends a comment every so many milliseconds.</summary>
    public int? KeepAliveMilliseconds { get; init; }

    /// <summary>Breaks the connection after so many chunks.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Breaks the connection right after the finish reason.</summary>
    public bool CutAtEnd { get; init; }

    /// <summary>Ends the response properly after so many chunks, but without the answer's end.</summary>
    public int? EndAfter { get; init; }

    /// <summary>Sends bytes that are no event after so many chunks, then ends.</summary>
    public int? GarbageAfter { get; init; }

    /// <summary>Sends the protocol's <c>error</c> event after so many chunks, then ends.</summary>
    public int? ErrorAfter { get; init; }
}
