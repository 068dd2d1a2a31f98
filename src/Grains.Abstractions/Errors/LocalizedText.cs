namespace OpenClaw.Grains.Abstractions.Errors;

/// <summary>A sentence in the two languages of the API. The front-end picks one by <c>Accept-Language</c>.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.LocalizedText")]
public sealed record LocalizedText([property: Id(0)] string English, [property: Id(1)] string Chinese);
