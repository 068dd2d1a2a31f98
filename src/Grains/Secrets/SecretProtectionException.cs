namespace OpenClaw.Grains.Secrets;

/// <summary>A secret cannot be protected or read; the message says what to do about it and holds nothing secret.</summary>
/// <remarks>Crosses grain calls, so it has a codec: without one the caller would see a failure to serialize it.</remarks>
[GenerateSerializer, Alias("OpenClaw.SecretProtectionException")]
public sealed class SecretProtectionException : Exception
{
    public SecretProtectionException(string message)
        : base(message)
    {
    }

    public SecretProtectionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
