using Microsoft.Extensions.Configuration;
using Orleans.Configuration;

namespace OpenClaw.Silo;

/// <summary>What a silo does when the machine runs out of memory or processor. Section <c>OpenClaw:Load</c>; all in percent.</summary>
public sealed class LoadSettings
{
    public const string Section = "OpenClaw:Load";

    /// <summary>
    /// Above it, new work is refused with 503. 100 never refuses: a busy processor makes answers slower, and tenants' turns
    /// wait their turn, while memory that is gone takes the process and everybody's turns with it.
    /// </summary>
    public int RefuseAboveCpu { get; set; } = 100;

    /// <summary>Above this share of the memory that the process may have, new work is refused with 503.</summary>
    public int RefuseAboveMemory { get; set; } = 95;

    /// <summary>Above this share of memory, activations leave memory before their time, those longest unused first.</summary>
    public double CollectAboveMemory { get; set; } = 85;

    /// <summary>... until this share is reached. Less than <see cref="CollectAboveMemory"/>.</summary>
    public double CollectToMemory { get; set; } = 75;

    /// <exception cref="InvalidOperationException">A setting cannot be used; the message names it.</exception>
    public static LoadSettings From(IConfiguration configuration)
    {
        var settings = configuration.GetSection(Section).Get<LoadSettings>() ?? new LoadSettings();
        Require(nameof(RefuseAboveCpu), settings.RefuseAboveCpu);
        Require(nameof(RefuseAboveMemory), settings.RefuseAboveMemory);
        Require(nameof(CollectAboveMemory), settings.CollectAboveMemory);
        Require(nameof(CollectToMemory), settings.CollectToMemory);
        if (settings.CollectToMemory >= settings.CollectAboveMemory)
            throw new InvalidOperationException($"The setting {Section}:{nameof(CollectToMemory)} must be less than {nameof(CollectAboveMemory)}.");
        return settings;
    }

    internal void Apply(LoadSheddingOptions options)
    {
        options.LoadSheddingEnabled = true;
        options.CpuThreshold = RefuseAboveCpu;
        options.MemoryThreshold = RefuseAboveMemory;
    }

    internal void Apply(GrainCollectionOptions options)
    {
        options.EnableActivationSheddingOnMemoryPressure = true;
        options.MemoryUsageLimitPercentage = CollectAboveMemory;
        options.MemoryUsageTargetPercentage = CollectToMemory;
    }

    private static void Require(string setting, double value)
    {
        if (value is not (> 0 and <= 100))
            throw new InvalidOperationException($"The setting {Section}:{setting} must be above 0 and at most 100.");
    }
}
