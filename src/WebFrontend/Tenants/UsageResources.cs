using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>What a tenant used between two days, by day and model.</summary>
internal sealed record UsageListResource(DateOnly From, DateOnly To, IReadOnlyList<UsageResource> Usage);

/// <summary>
/// What a tenant used on one day (UTC) of one model. The estimated tokens are part of the others: no provider counted them.
/// <c>cost</c> is null where the model has no configured price.
/// </summary>
internal sealed record UsageResource(
    DateOnly Day,
    string Model,
    long Turns,
    long InputTokens,
    long OutputTokens,
    long TotalTokens,
    long EstimatedInputTokens,
    long EstimatedOutputTokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] decimal? Cost)
{
    public static UsageResource Of(UsageInfo usage) => new(
        usage.Day,
        usage.Model,
        usage.Turns,
        usage.InputTokens,
        usage.OutputTokens,
        usage.InputTokens + usage.OutputTokens,
        usage.EstimatedInputTokens,
        usage.EstimatedOutputTokens,
        usage.Cost);
}
