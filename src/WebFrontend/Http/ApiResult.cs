using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.WebFrontend.Http;

/// <summary>What a handler answers: a JSON document, or the problem that keeps it from one.</summary>
internal readonly record struct ApiResult
{
    public int Status { get; private init; }

    public ReadOnlyMemory<byte> Body { get; private init; }

    /// <summary>Value of the <c>Location</c> header, or null.</summary>
    public string? Location { get; private init; }

    public Problem? Problem { get; private init; }

    /// <summary>What is kept for a replay when the answer itself holds a secret.</summary>
    public ReadOnlyMemory<byte>? BodyWithoutSecret { get; private init; }

    /// <summary>True when the answer was given before under the same idempotency key.</summary>
    public bool Replayed { get; init; }

    public static ApiResult Ok<T>(T value, JsonTypeInfo<T> type) =>
        new() { Status = StatusCodes.Status200OK, Body = JsonSerializer.SerializeToUtf8Bytes(value, type) };

    public static ApiResult Created<T>(string? location, T value, JsonTypeInfo<T> type) =>
        new() { Status = StatusCodes.Status201Created, Location = location, Body = JsonSerializer.SerializeToUtf8Bytes(value, type) };

    /// <summary>What was asked for is on its way.</summary>
    public static ApiResult Accepted<T>(T value, JsonTypeInfo<T> type) =>
        new() { Status = StatusCodes.Status202Accepted, Body = JsonSerializer.SerializeToUtf8Bytes(value, type) };

    /// <summary>Done, and nothing to say.</summary>
    public static ApiResult Done { get; } = new() { Status = StatusCodes.Status204NoContent };

    public static ApiResult Refused(Problem problem) => new() { Status = problem.Status, Problem = problem };

    /// <summary>An answer kept from an earlier request.</summary>
    public static ApiResult Kept(int status, string? location, ReadOnlyMemory<byte> body) =>
        new() { Status = status, Location = location, Body = body, Replayed = true };

    /// <summary>The same answer, of which only <paramref name="value"/> is kept for a replay.</summary>
    public ApiResult KeepingOnly<T>(T value, JsonTypeInfo<T> type) =>
        this with { BodyWithoutSecret = JsonSerializer.SerializeToUtf8Bytes(value, type) };
}
