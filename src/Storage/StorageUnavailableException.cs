namespace OpenClaw.Storage;

/// <summary>The database cannot be reached, is locked beyond its time-out, or has no space left. Trying again may help.</summary>
/// <remarks>Crosses grain calls, so it has a codec: without one the caller would see a failure to serialize it.</remarks>
[GenerateSerializer, Alias("OpenClaw.StorageUnavailableException")]
public sealed class StorageUnavailableException : Exception
{
    public StorageUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
