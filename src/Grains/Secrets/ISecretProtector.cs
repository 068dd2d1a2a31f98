namespace OpenClaw.Grains.Secrets;

/// <summary>
/// Encrypts secrets that have to be read again (a webhook's, a skill's) before they are stored. Every silo on the same
/// database and with the same key reads what another has protected.
/// </summary>
/// <remarks>
/// A process's first call reads the database, and the very first writes to it: some milliseconds in which it blocks. Later
/// calls take microseconds. Methods throw <see cref="Storage.StorageUnavailableException"/> when the database is away.
/// </remarks>
public interface ISecretProtector
{
    /// <summary>The secret as text that may be stored: base64url, about 180 characters more than the secret.</summary>
    /// <exception cref="SecretProtectionException">The protection keys cannot be read; the message says what to set.</exception>
    string Protect(SecretPurpose purpose, string secret);

    /// <summary>The secret again.</summary>
    /// <exception cref="SecretProtectionException">
    /// The protection keys cannot be read, or the text was made for another purpose or has been changed.
    /// </exception>
    string Unprotect(SecretPurpose purpose, string protectedSecret);
}
