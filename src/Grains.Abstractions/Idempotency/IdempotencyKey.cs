namespace OpenClaw.Grains.Abstractions.Idempotency;

/// <summary>A caller's <c>Idempotency-Key</c> with what it was used for.</summary>
/// <param name="Scope">Method and path: the same key on another route is another key.</param>
/// <param name="Key">1 to 255 visible ASCII characters.</param>
/// <param name="Fingerprint">SHA-256 of the request's body, lower-case hexadecimal.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.IdempotencyKey")]
public sealed record IdempotencyKey(
    [property: Id(0)] string Scope,
    [property: Id(1)] string Key,
    [property: Id(2)] string Fingerprint);
