namespace OpenClaw.Grains.Abstractions.Errors;

/// <summary>The closed set of error codes of the API reference; the HTTP status carries the nuance.</summary>
[GenerateSerializer, Alias("OpenClaw.ErrorCode")]
public enum ErrorCode
{
    /// <summary><c>INVALID_REQUEST</c>: 400, 405, 408, 409, 413, 414, 415, 431.</summary>
    InvalidRequest,

    /// <summary><c>UNAUTHORIZED</c>: 401.</summary>
    Unauthorized,

    /// <summary><c>FORBIDDEN</c>: 403.</summary>
    Forbidden,

    /// <summary><c>NOT_FOUND</c>: 404.</summary>
    NotFound,

    /// <summary><c>RATE_LIMITED</c>: 429.</summary>
    RateLimited,

    /// <summary><c>INTERNAL_ERROR</c>: 500, 502, 503, 504.</summary>
    InternalError,
}
