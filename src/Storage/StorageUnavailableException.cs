namespace OpenClaw.Storage;

/// <summary>The database cannot be reached, is locked beyond its time-out, or has no space left. Trying again may help.</summary>
public sealed class StorageUnavailableException : Exception
{
    public StorageUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
