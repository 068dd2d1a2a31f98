using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Support;

/// <summary>The reference's envelope, and what the contract adds to it for every failure on every route.</summary>
internal static partial class ErrorAssert
{
    /// <summary>The answer is the envelope with this status, code and, when given, <c>details.field</c>.</summary>
    public static JsonElement IsError(ApiResponse response, int status, string code, string? field = null)
    {
        Assert.True(response.Status == status, $"Expected {status} {code} {field}, got {response}");
        Assert.Equal("application/json", response.ContentType);
        var error = response.Json.GetProperty("error");
        Assert.True(error.GetProperty("code").GetString() == code, $"Expected {code}, got {response}");
        Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("message").GetString()), response.ToString());
        Assert.Equal(response.Header("X-Request-Id"), error.GetProperty("requestId").GetString());
        Assert.False(string.IsNullOrEmpty(response.Header("X-Request-Id")));
        if (field is not null)
        {
            Assert.True(
                error.TryGetProperty("details", out var details)
                && details.GetProperty("field").GetString() == field
                && !string.IsNullOrWhiteSpace(details.GetProperty("reason").GetString()),
                $"Expected details of field {field} with a reason, got {response}");
        }

        Assert.DoesNotMatch(Internals(), response.Body);
        return error;
    }

    public static void IsInvalid(ApiResponse response, string? field = null) => IsError(response, 400, "INVALID_REQUEST", field);

    public static void IsConflict(ApiResponse response) => IsError(response, 409, "INVALID_REQUEST");

    public static void IsNotFound(ApiResponse response) => IsError(response, 404, "NOT_FOUND");

    public static void IsUnauthorized(ApiResponse response) => IsError(response, 401, "UNAUTHORIZED");

    public static void IsForbidden(ApiResponse response) => IsError(response, 403, "FORBIDDEN");

    /// <summary>Too many requests, with the seconds to wait in all the places where a client may look.</summary>
    public static void IsRateLimited(ApiResponse response, int limit)
    {
        var error = IsError(response, 429, "RATE_LIMITED");
        Assert.InRange(error.GetProperty("retryAfter").GetInt32(), 1, 60);
        Assert.Equal($"{error.GetProperty("retryAfter").GetInt32()}", response.Header("Retry-After"));
        Assert.Equal($"{limit}", response.Header("RateLimit-Limit"));
        Assert.Equal("0", response.Header("RateLimit-Remaining"));
        Assert.InRange(int.Parse(response.Header("RateLimit-Reset")!, System.Globalization.CultureInfo.InvariantCulture), 0, 60);
    }

    /// <summary>A stack, an exception's name, a path of the server, SQL.</summary>
    [GeneratedRegex(@"Exception|\n\s+at |\bOrleans\b|/tmp/|/work/|/root/|\.cs:|\bSELECT\b|\bINSERT\b|sqlite|Npgsql", RegexOptions.IgnoreCase)]
    private static partial Regex Internals();
}
