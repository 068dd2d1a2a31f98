namespace OpenClaw.Testing.Tracing;

/// <summary>A span as it was sent. Ids are lower-case hexadecimal; the parent's is empty when there is none.</summary>
public sealed record OtlpSpan
{
    /// <summary>The instrumentation that made it, such as <c>OpenClaw</c>.</summary>
    public required string Scope { get; init; }

    public required string TraceId { get; init; }

    public required string SpanId { get; init; }

    public required string ParentSpanId { get; init; }

    public required string Name { get; init; }

    /// <summary>1 internal, 2 server, 3 client, 4 producer, 5 consumer.</summary>
    public required int Kind { get; init; }

    /// <summary>Attributes whose value is a text.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    public override string ToString() => $"{TraceId} {ParentSpanId} -> {SpanId} {Scope}: {Name}";
}
