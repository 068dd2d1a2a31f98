using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Idempotency;

/// <summary>The headers of idempotent requests.</summary>
internal static class IdempotencyHeader
{
    public const string Name = "Idempotency-Key";

    /// <summary>Set on an answer that was given before.</summary>
    public const string Replayed = "Idempotent-Replayed";

    private const int MaxLength = 255;

    /// <summary>False when the request has no key, or one of the wrong shape, which <paramref name="problem"/> then tells.</summary>
    public static bool TryGet(HttpRequest request, [NotNullWhen(true)] out string? key, out Problem? problem)
    {
        key = null;
        problem = null;
        if (!request.Headers.TryGetValue(Name, out var values))
            return false;
        if (values.Count == 1 && values[0] is { Length: > 0 and <= MaxLength } value && !value.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            key = value;
            return true;
        }

        problem = Problem.Invalid(Name, RequestReasons.IdempotencyKeyShape);
        return false;
    }

    /// <summary>The key with what it is used for: method, path and body.</summary>
    public static IdempotencyKey Describe(HttpRequest request, string key, ReadOnlySpan<byte> body) => new(
        string.Concat(request.Method, " ", request.Path.Value),
        key,
        Convert.ToHexStringLower(SHA256.HashData(body)));
}
