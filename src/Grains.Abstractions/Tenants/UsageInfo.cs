namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>What a tenant used on one day (UTC) of one model.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.UsageInfo")]
public sealed record UsageInfo(
    [property: Id(0)] DateOnly Day,
    [property: Id(1)] string Model,
    [property: Id(2)] long Turns,
    [property: Id(3)] long InputTokens,
    [property: Id(4)] long OutputTokens);
