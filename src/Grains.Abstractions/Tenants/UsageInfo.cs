namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>
/// What a tenant used on one day (UTC) of one model. The estimated tokens are the part of the others that no provider counted:
/// of a call that was cut, or of a provider that does not count. <c>Cost</c> is null where the model has no price.
/// </summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.UsageInfo")]
public sealed record UsageInfo(
    [property: Id(0)] DateOnly Day,
    [property: Id(1)] string Model,
    [property: Id(2)] long Turns,
    [property: Id(3)] long InputTokens,
    [property: Id(4)] long OutputTokens,
    [property: Id(5)] long EstimatedInputTokens = 0,
    [property: Id(6)] long EstimatedOutputTokens = 0,
    [property: Id(7)] decimal? Cost = null);
