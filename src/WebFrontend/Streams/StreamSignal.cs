namespace OpenClaw.WebFrontend.Streams;

/// <summary>What has happened on a stream since its reader looked last.</summary>
/// <param name="Items">What came, oldest first. Not complete when <paramref name="Ring"/> is set.</param>
/// <param name="Ring">Something may have been missed: read the log again.</param>
/// <param name="Gone">What the stream told of exists no more.</param>
internal readonly record struct StreamSignal<TItem>(IReadOnlyList<TItem> Items, bool Ring, bool Gone);
