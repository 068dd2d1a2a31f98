using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace OpenClaw.Chaos.Silo;

/// <summary>
/// A clock that runs faster than time, the same in every process: minutes of a schedule pass in seconds of a test. Grains, timers and
/// reminders go by it; what the runtime does between processes goes by real time.
/// </summary>
/// <param name="origin">When it showed the right time.</param>
/// <param name="rate">Seconds that it counts in a second.</param>
internal sealed class FastClock(DateTimeOffset origin, int rate) : TimeProvider
{
    /// <summary>Puts a fast clock in where the settings <c>Clock:Origin</c> (unix milliseconds) and <c>Clock:Rate</c> ask for one.</summary>
    public static void AddTo(IServiceCollection services, IConfiguration configuration)
    {
        if (configuration.GetValue<int?>("Clock:Rate") is not { } rate) return;
        services.AddSingleton<TimeProvider>(new FastClock(DateTimeOffset.FromUnixTimeMilliseconds(configuration.GetValue<long>("Clock:Origin")), rate));
        foreach (var area in (ReadOnlySpan<string>)
        [
            TimeProviderNames.Messaging, TimeProviderNames.SystemTimers, TimeProviderNames.Membership,
            TimeProviderNames.ActivationManagement, TimeProviderNames.GrainDirectory, StreamingTimeProviderNames.Streaming,
        ])
        {
            services.AddKeyedSingleton(area, System);
        }
    }

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => origin + ((System.GetUtcNow() - origin) * rate);

    public override long GetTimestamp() => System.GetTimestamp() * rate;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Real(dueTime), Real(period)), this);

    private TimeSpan Real(TimeSpan time) => time <= TimeSpan.Zero ? time : time / rate;

    private sealed class FastTimer(ITimer timer, FastClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Real(dueTime), clock.Real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
