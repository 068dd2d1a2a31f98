namespace OpenClaw.ModelServer;

/// <summary>What the server answers to which request. Rules are tried in the order in which they were given.</summary>
public sealed record ModelRule
{
    /// <summary>Only when the last user's message contains this.</summary>
    public string? UserContains { get; init; }

    /// <summary>Only for this model.</summary>
    public string? Model { get; init; }

    /// <summary>Only for the n-th request since the last reset, from 1.</summary>
    public int? Call { get; init; }

    /// <summary>Applies at most this often, or always when null.</summary>
    public int? Times { get; init; }

    public required ModelAnswer Answer { get; init; }
}
