namespace OpenClaw.Grains.Models.Providers;

/// <summary>A provider answered something other than success, or something that no model server answers.</summary>
internal sealed class ProviderResponseException(int status, TimeSpan? retryAfter, ProviderError? error)
    : Exception($"The provider answered with status {status}.")
{
    public int Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The error object in the body, or null when there is none.</summary>
    public ProviderError? Error { get; } = error;
}
