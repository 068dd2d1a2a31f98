using Microsoft.Extensions.DependencyInjection;
using Orleans.Reminders;
using Orleans.Streams;

namespace OpenClaw.Grains.Tests.Cluster;

/// <summary>A clock of the test's in a silo.</summary>
internal static class TestClock
{
    /// <summary>Grains and stores go by the test's clock, the runtime by real time.</summary>
    public static void AddTestClock(this IServiceCollection services, TimeProvider time)
    {
        services.AddSingleton(time);
        foreach (var area in (ReadOnlySpan<string>)
        [
            TimeProviderNames.Messaging, TimeProviderNames.SystemTimers, TimeProviderNames.Membership,
            TimeProviderNames.ActivationManagement, TimeProviderNames.GrainDirectory, ReminderTimeProviderNames.Reminders,
            StreamingTimeProviderNames.Streaming,
        ])
        {
            services.AddKeyedSingleton(area, TimeProvider.System);
        }
    }
}
