namespace OpenClaw.Grains.Abstractions.Errors;

/// <summary>
/// Why a call was refused: what the error envelope needs, in both languages. Grains return it as a result; they do
/// not throw for an expected outcome.
/// </summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.Problem")]
public sealed record Problem
{
    [Id(0)] public required ErrorCode Code { get; init; }

    /// <summary>The HTTP status, 400 to 599.</summary>
    [Id(1)] public required int Status { get; init; }

    /// <summary>JSON path of the offending input (<c>attachments[0].path</c>), or null when no single input is at fault.</summary>
    [Id(2)] public string? Field { get; init; }

    /// <summary>What to change. Never holds a stack, a path of the server or SQL.</summary>
    [Id(3)] public LocalizedText? Reason { get; init; }

    /// <summary>Seconds until a retry makes sense; only with <see cref="ErrorCode.RateLimited"/> and 503.</summary>
    [Id(4)] public int? RetryAfterSeconds { get; init; }

    public static Problem Invalid(string field, LocalizedText reason, int status = 400) =>
        new() { Code = ErrorCode.InvalidRequest, Status = status, Field = field, Reason = reason };

    public static Problem Conflict(LocalizedText reason, string? field = null) =>
        new() { Code = ErrorCode.InvalidRequest, Status = 409, Field = field, Reason = reason };

    public static Problem NotFound(string field, LocalizedText reason) =>
        new() { Code = ErrorCode.NotFound, Status = 404, Field = field, Reason = reason };

    public static Problem Forbidden(LocalizedText reason, string? field = null) =>
        new() { Code = ErrorCode.Forbidden, Status = 403, Field = field, Reason = reason };

    public static Problem RateLimited(LocalizedText reason, int retryAfterSeconds) =>
        new() { Code = ErrorCode.RateLimited, Status = 429, Reason = reason, RetryAfterSeconds = retryAfterSeconds };

    public static Problem Internal(int status, LocalizedText reason, int? retryAfterSeconds = null) =>
        new() { Code = ErrorCode.InternalError, Status = status, Reason = reason, RetryAfterSeconds = retryAfterSeconds };
}
