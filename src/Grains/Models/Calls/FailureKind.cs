namespace OpenClaw.Grains.Models.Calls;

/// <summary>Why an attempt failed.</summary>
internal enum FailureKind
{
    /// <summary>The provider refuses this very request: 400, 404, 413, 422.</summary>
    Refused,

    /// <summary>The provider refuses our key: 401, 403.</summary>
    Unauthorized,

    /// <summary>429.</summary>
    RateLimited,

    /// <summary>5xx and other answers that a later attempt may not get.</summary>
    Unavailable,

    /// <summary>No connection, or it broke before the answer began.</summary>
    Unreachable,

    /// <summary>No first token, silence, or the whole call took too long.</summary>
    Timeout,

    /// <summary>The stream ended before the answer did.</summary>
    Cut,

    /// <summary>The answer cannot be understood.</summary>
    Garbage,

    /// <summary>The answer ended well but holds nothing.</summary>
    Empty,

    /// <summary>Not asked: the server or the model failed too often just now.</summary>
    CircuitOpen,
}
