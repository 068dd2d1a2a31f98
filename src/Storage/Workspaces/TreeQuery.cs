using OpenClaw.Grains.Abstractions.Workspaces;

namespace OpenClaw.Storage.Workspaces;

/// <summary>What a search looks for.</summary>
/// <param name="Pattern">Which files by their path below the directory.</param>
/// <param name="Text">What they must hold; null asks for names alone.</param>
/// <param name="Limit">At most so many files.</param>
/// <param name="After">The path below the directory at which an earlier search stopped; null begins at the beginning.</param>
public sealed record TreeQuery(GlobPattern Pattern, string? Text, int Limit, string? After);

/// <summary>What a search found.</summary>
/// <param name="Files">In the order of their paths, name by name.</param>
/// <param name="Reached">Where to go on; null when there is nothing more.</param>
/// <param name="Truncated">It stopped at a limit other than the number of files.</param>
public sealed record TreeSearchPage(IReadOnlyList<FileHit> Files, string? Reached, bool Truncated);
