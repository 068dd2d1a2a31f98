using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Browser;

/// <summary>The page as it is now, or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.PageState")]
public sealed record PageState
{
    [Id(0)] public Problem? Problem { get; init; }

    [Id(1)] public string Url { get; init; } = "";

    /// <summary>At most 1,000 characters of it.</summary>
    [Id(2)] public string Title { get; init; } = "";

    /// <summary>HTTP status of the document; null where no answer came from the network.</summary>
    [Id(3)] public int? Status { get; init; }

    /// <summary>What the page has given to be saved since the last call.</summary>
    [Id(4)] public IReadOnlyList<PageDownload> Downloads { get; init; } = [];
}

/// <summary>A file that a page gave.</summary>
/// <param name="Name">As the page named it.</param>
/// <param name="Path">Where it lies in the workspace; null when it was not kept.</param>
/// <param name="Problem">Why it was not kept.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.PageDownload")]
public sealed record PageDownload([property: Id(0)] string Name, [property: Id(1)] string? Path, [property: Id(2)] LocalizedText? Problem);

/// <summary>A picture as PNG, or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.PageImage")]
public sealed record PageImage
{
    /// <summary>Pixels; what a page has below is left out.</summary>
    public const int MaxHeight = 16_384;

    /// <summary>Of a picture's area: a page of the usual width at its full height.</summary>
    public const int MaxPixels = 1280 * MaxHeight;

    /// <summary>Bytes: what the workspace takes as one file.</summary>
    public const int MaxBytes = 10 * 1024 * 1024;

    [Id(0)] public Problem? Problem { get; init; }

    [Id(1)] public byte[] Png { get; init; } = [];

    /// <summary>Of the page that was taken.</summary>
    [Id(2)] public string Url { get; init; } = "";
}

/// <summary>A script's value as JSON, or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ScriptResult")]
public sealed record ScriptResult
{
    /// <summary>Of the value, in UTF-16 units of its JSON.</summary>
    public const int MaxLength = 1024 * 1024;

    [Id(0)] public Problem? Problem { get; init; }

    [Id(1)] public JsonPayload Value { get; init; }

    /// <inheritdoc cref="PageState.Downloads"/>
    [Id(2)] public IReadOnlyList<PageDownload> Downloads { get; init; } = [];
}

/// <summary>The page's accessibility tree, or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.PageSnapshot")]
public sealed record PageSnapshot
{
    /// <summary>Of the tree, in UTF-16 units.</summary>
    public const int MaxLength = 512 * 1024;

    [Id(0)] public Problem? Problem { get; init; }

    [Id(1)] public string Url { get; init; } = "";

    [Id(2)] public string Title { get; init; } = "";

    /// <summary>A line an element, indented below the one that holds it; elements to act on are marked <c>[ref=e1]</c>.</summary>
    [Id(3)] public string Tree { get; init; } = "";

    /// <summary>The tree was longer and has been cut.</summary>
    [Id(4)] public bool Truncated { get; init; }
}
