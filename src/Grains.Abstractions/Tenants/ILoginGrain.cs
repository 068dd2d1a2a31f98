namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>One browser's sign-in, found by the hash of its cookie. Key: <see cref="LoginKey"/>. The cookie itself is never stored.</summary>
[Alias("OpenClaw.ILoginGrain")]
public interface ILoginGrain : IGrainWithStringKey
{
    /// <summary>Signs in with the API key of this hash; durable when the task completes. The key decides what may be done, and whether.</summary>
    [Alias("Begin"), Repeatable]
    Task Begin(string keyHash, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>The hash of the API key, or null when the sign-in has ended. Front-ends ask again every 500 ms while a socket is open.</summary>
    [Alias("Find"), Repeatable, ResponseTimeout("00:00:02")]
    Task<string?> Find(CancellationToken cancellationToken);

    /// <summary>Signs out for good; durable when the task completes.</summary>
    [Alias("End"), Repeatable]
    Task End(CancellationToken cancellationToken);
}
