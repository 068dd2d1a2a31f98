namespace OpenClaw.Grains.Abstractions.Browser;

/// <summary>A page to be opened.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.OpenPage")]
public sealed record OpenPage
{
    /// <summary>Milliseconds.</summary>
    public const int DefaultTimeout = 30_000;

    /// <summary>Milliseconds.</summary>
    public const int MaxTimeout = 60_000;

    /// <summary>http or https, without credentials.</summary>
    [Id(0)] public required string Url { get; init; }

    [Id(1)] public PageMoment WaitUntil { get; init; }

    /// <summary>Milliseconds, 1 to <see cref="MaxTimeout"/>.</summary>
    [Id(2)] public int Timeout { get; init; } = DefaultTimeout;
}

/// <summary>When a page counts as opened.</summary>
[GenerateSerializer, Alias("OpenClaw.PageMoment")]
public enum PageMoment
{
    /// <summary>With its images, styles and scripts.</summary>
    Load,

    /// <summary>Its document is parsed.</summary>
    DomContentLoaded,

    /// <summary>Nothing has been asked of the network for half a second.</summary>
    NetworkIdle,

    /// <summary>The first bytes of its answer are there.</summary>
    Commit,
}

[GenerateSerializer, Immutable, Alias("OpenClaw.TakeScreenshot")]
public sealed record TakeScreenshot
{
    /// <summary>Of a selector, in UTF-16 units.</summary>
    public const int MaxSelectorLength = 1024;

    /// <summary>The whole page and not only what the window shows.</summary>
    [Id(0)] public bool FullPage { get; init; }

    /// <summary>CSS selector of the element to take, the first that matches; null takes the page.</summary>
    [Id(1)] public string? Selector { get; init; }
}

[GenerateSerializer, Immutable, Alias("OpenClaw.RunScript")]
public sealed record RunScript
{
    /// <summary>Of a script, in bytes of UTF-8: 256 KiB.</summary>
    public const int MaxScriptBytes = 256 * 1024;

    /// <summary>An expression, statements, or what a function's body holds; may await.</summary>
    [Id(0)] public required string Script { get; init; }

    /// <summary>Milliseconds, 1 to <see cref="OpenPage.MaxTimeout"/>.</summary>
    [Id(1)] public int Timeout { get; init; } = OpenPage.DefaultTimeout;
}

/// <summary>Something done to an element of the page, which the last snapshot names.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ActOnPage")]
public sealed record ActOnPage
{
    /// <summary>Of a text to type, in UTF-16 units.</summary>
    public const int MaxTextLength = 100_000;

    [Id(0)] public required PageAction Action { get; init; }

    /// <summary>The element, such as <c>e5</c>; null presses a key where the focus is.</summary>
    [Id(1)] public string? Ref { get; init; }

    /// <summary>What to type; it replaces what a field holds.</summary>
    [Id(2)] public string? Text { get; init; }

    /// <summary>A key's name, such as <c>Enter</c> or <c>Control+a</c>.</summary>
    [Id(3)] public string? Key { get; init; }

    /// <summary>Value or label of the option to select.</summary>
    [Id(4)] public string? Value { get; init; }
}

[GenerateSerializer, Alias("OpenClaw.PageAction")]
public enum PageAction
{
    Click,
    Type,
    Press,
    Select,
    Hover,
}
