using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Models.Calls;

/// <summary>A failed attempt: what the caller would be told, and whether another attempt makes sense.</summary>
internal sealed record ModelFailure(FailureKind Kind, Problem Problem, Exception? Cause = null)
{
    /// <summary>What the provider asked us to wait, if it did.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Another attempt with the same model may succeed.</summary>
    public bool MayRetry => Kind is not (FailureKind.Refused or FailureKind.Unauthorized or FailureKind.CircuitOpen);

    /// <summary>Another model may answer. A refused request is the caller's to change.</summary>
    public bool MayFallBack => Kind is not FailureKind.Refused;

    /// <summary>The server or the model is in trouble, whatever it was asked.</summary>
    public bool CountsForCircuit =>
        Kind is FailureKind.Unavailable or FailureKind.Unreachable or FailureKind.Timeout or FailureKind.Cut or FailureKind.Garbage;

    /// <summary>What may be logged: the transport's exceptions. The others can quote what was said.</summary>
    public Exception? LoggedCause => Kind is FailureKind.Unreachable or FailureKind.Timeout or FailureKind.Cut ? Cause : null;

    /// <summary>Name of the kind in metrics and traces.</summary>
    public string Tag => Kind switch
    {
        FailureKind.Refused => "refused",
        FailureKind.Unauthorized => "unauthorized",
        FailureKind.RateLimited => "rate_limited",
        FailureKind.Unavailable => "unavailable",
        FailureKind.Unreachable => "unreachable",
        FailureKind.Timeout => "timeout",
        FailureKind.Cut => "cut",
        FailureKind.Garbage => "garbage",
        FailureKind.Empty => "empty",
        _ => "circuit_open",
    };

    public ModelException ToException() => new(Problem, Cause);
}
