using Microsoft.Extensions.Configuration;

namespace OpenClaw.Silo;

/// <summary>Orleans' dashboard at <c>/admin/dashboard</c>. Section <c>OpenClaw:Dashboard</c>.</summary>
public sealed class DashboardSettings
{
    public const string Section = "OpenClaw:Dashboard";

    /// <summary>
    /// Off unless asked for: it puts a filter in the way of every grain call. Silos and front-ends need the same value.
    /// </summary>
    public bool Enabled { get; set; }

    public static DashboardSettings From(IConfiguration configuration) =>
        configuration.GetSection(Section).Get<DashboardSettings>() ?? new DashboardSettings();
}
