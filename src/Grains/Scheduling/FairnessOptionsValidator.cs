using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Scheduling;

/// <summary>Checks the weights and slots; each message names the setting and what it takes.</summary>
internal sealed class FairnessOptionsValidator : IValidateOptions<FairnessOptions>
{
    public const int MaxSlots = 1_000_000;

    public ValidateOptionsResult Validate(string? name, FairnessOptions options)
    {
        var errors = new List<string>();
        foreach (var (tenant, weight) in options.Weights)
        {
            if (!TenantId.TryParse(tenant, out _))
                errors.Add($"{FairnessOptions.Section}:Weights names '{tenant}', which is no tenant id; it must match [a-z][a-z0-9-]{{1,39}}.");
            if (weight is < 1 or > FairQueue.MaxWeight)
                errors.Add($"{FairnessOptions.Section}:Weights:{tenant} is {weight}; it must be between 1 and {FairQueue.MaxWeight}.");
        }

        if (options.ToolCalls is < 1 or > MaxSlots)
            errors.Add($"{FairnessOptions.Section}:ToolCalls is {options.ToolCalls}; it must be between 1 and {MaxSlots}.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
