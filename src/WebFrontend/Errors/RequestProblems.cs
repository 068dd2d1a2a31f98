using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Tasks;

namespace OpenClaw.WebFrontend.Errors;

/// <summary>The refusals that the front-end itself makes.</summary>
internal static class RequestProblems
{
    /// <summary>What <c>details.field</c> names when no single member of the body is at fault.</summary>
    public const string Body = "body";

    /// <summary>Overload passes more slowly than a lost connection.</summary>
    private const int OverloadRetrySeconds = 5;

    public static Problem Unauthorized { get; } = new() { Code = ErrorCode.Unauthorized, Status = 401, Reason = RequestReasons.KeyMissing };

    public static Problem AdminOnly { get; } = Problem.Forbidden(RequestReasons.AdminOnly);

    public static Problem UnknownRoute { get; } = new() { Code = ErrorCode.NotFound, Status = 404, Reason = RequestReasons.UnknownRoute };

    /// <summary>Another tenant's: to the caller it does not exist.</summary>
    public static Problem ForeignTenant { get; } = new() { Code = ErrorCode.NotFound, Status = 404 };

    public static Problem SessionNotFound { get; } = Problem.NotFound("sessionId", Reasons.SessionNotFound);

    public static Problem TenantNotFound { get; } = Problem.NotFound("tenantId", RequestReasons.TenantNotFound);

    public static Problem KeyNotFound { get; } = Problem.NotFound("keyId", RequestReasons.KeyNotFound);

    public static Problem BodyTooLarge { get; } = Problem.Invalid(Body, RequestReasons.BodyTooLarge, 413);

    public static Problem MediaType { get; } = Problem.Invalid("Content-Type", RequestReasons.MediaType, 415);

    public static Problem CommandNotFound { get; } = Problem.NotFound("commandId", RequestReasons.CommandNotFound);

    /// <summary>Its silo has gone, and the command with it.</summary>
    public static Problem CommandLost { get; } = Problem.Internal(500, RequestReasons.CommandLost);

    public static Problem SkillNotFound { get; } = Problem.NotFound("name", Reasons.SkillNotFound);

    /// <summary>Its silo has gone, and the execution with it.</summary>
    public static Problem SkillRunLost { get; } = Problem.Internal(500, RequestReasons.SkillRunLost);

    public static Problem WebhookNotFound { get; } = Problem.NotFound("webhookId", Reasons.WebhookNotFound);

    public static Problem TaskNotFound { get; } = Problem.NotFound("taskId", TaskReasons.NotFound);

    public static Problem NoBrowser { get; } = Problem.NotFound("session", RequestReasons.NoBrowser);

    public static Problem NotText { get; } = Problem.Invalid("encoding", RequestReasons.NotText);

    public static Problem IdempotencyMismatch { get; } = Problem.Conflict(Reasons.IdempotencyMismatch, "Idempotency-Key");

    public static Problem InProgress { get; } = Problem.Conflict(Reasons.RequestInProgress, "Idempotency-Key");

    public static Problem OutcomeUnknown { get; } = Problem.Conflict(Reasons.OutcomeUnknown, "Idempotency-Key");

    public static Problem Unexpected { get; } = Problem.Internal(500, Reasons.Unexpected);

    public static Problem Overloaded { get; } = Problem.Internal(503, RequestReasons.Overloaded, OverloadRetrySeconds);

    public static Problem ForeignSite { get; } = Problem.Forbidden(RequestReasons.ForeignSite);

    public static Problem Forbidden(string scope) =>
        Problem.Forbidden(RequestReasons.Scope(scope));

    /// <param name="retryAfterSeconds">1 to 60.</param>
    public static Problem RateLimited(int retryAfterSeconds) =>
        new() { Code = ErrorCode.RateLimited, Status = 429, RetryAfterSeconds = retryAfterSeconds };

    /// <summary>The problem behind a bare status that the framework set.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        401 => Unauthorized,
        403 => new() { Code = ErrorCode.Forbidden, Status = 403 },
        404 => UnknownRoute,
        405 => new() { Code = ErrorCode.InvalidRequest, Status = 405, Reason = RequestReasons.UnknownMethod },
        408 => new() { Code = ErrorCode.InvalidRequest, Status = 408, Reason = RequestReasons.TooSlow },
        413 => BodyTooLarge,
        414 => new() { Code = ErrorCode.InvalidRequest, Status = 414, Reason = RequestReasons.UrlTooLong },
        415 => MediaType,
        431 => new() { Code = ErrorCode.InvalidRequest, Status = 431, Reason = RequestReasons.HeadersTooLarge },
        503 => Problem.Internal(503, RequestReasons.Unavailable, 1),
        504 => Problem.Internal(504, RequestReasons.Timeout),
        >= 500 => Unexpected,
        _ => new() { Code = ErrorCode.InvalidRequest, Status = 400, Reason = RequestReasons.BadHttp },
    };
}
