using System.Collections.Concurrent;

namespace OpenClaw.Chaos.Tests.Clients;

/// <summary>How long clients waited for the next frame of an answer.</summary>
internal sealed class Waits
{
    private readonly ConcurrentBag<(TimeSpan Longest, DateTimeOffset Until)> _waits = [];

    /// <summary>The longest wait of one answer, and when it was over.</summary>
    public void Add(TimeSpan longest, DateTimeOffset until) => _waits.Add((longest, until));

    /// <summary>Longest first.</summary>
    public IReadOnlyList<(TimeSpan Longest, DateTimeOffset Until)> Sorted() => [.. _waits.OrderByDescending(wait => wait.Longest)];
}
