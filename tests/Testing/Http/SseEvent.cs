namespace OpenClaw.Testing.Http;

/// <summary>One event of a stream of server-sent events, or one comment.</summary>
/// <param name="Id">The <c>id</c> field, or null.</param>
/// <param name="Event">The <c>event</c> field, or null.</param>
/// <param name="Data">The <c>data</c> fields joined by newlines, or null when there was none.</param>
/// <param name="Comment">A comment's text; then everything else is null.</param>
public sealed record SseEvent(string? Id, string? Event, string? Data, string? Comment);
