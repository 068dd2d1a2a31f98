namespace OpenClaw.Grains.Scheduling;

/// <summary>How tenants share what is scarce. Section <c>OpenClaw:Fairness</c>; checked at start.</summary>
public sealed class FairnessOptions
{
    public const string Section = "OpenClaw:Fairness";

    /// <summary>
    /// A tenant's weight by its id, 1 to 1,000; 1 unless set. Where tenants wait, one of weight 3 gets three times the slots of
    /// one of weight 1.
    /// </summary>
    public IDictionary<string, int> Weights { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Tool calls that run at once in a silo, 1 to 1,000,000; further ones wait.</summary>
    public int ToolCalls { get; set; } = 256;
}
