using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Sessions.Turns;

namespace OpenClaw.Grains.Tests.Sessions;

public sealed class TurnClockTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task A_turns_time_stands_still_while_it_waits()
    {
        using var limit = new CancellationTokenSource();
        await using var clock = new TurnClock(_time, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(10), limit);
        _time.Advance(TimeSpan.FromMinutes(5));
        clock.Pause();
        clock.Pause();
        _time.Advance(TimeSpan.FromHours(10));
        Assert.Equal(TimeSpan.FromMinutes(15), clock.Spent);
        Assert.False(limit.IsCancellationRequested);

        clock.Resume();
        clock.Resume();
        _time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1));
        Assert.False(limit.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(limit.IsCancellationRequested);
    }

    [Fact]
    public async Task A_turn_whose_time_was_used_up_before_is_over_at_once()
    {
        using var limit = new CancellationTokenSource();
        await using var clock = new TurnClock(_time, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(31), limit);
        _time.Advance(TimeSpan.Zero);
        Assert.True(limit.IsCancellationRequested);
    }
}
