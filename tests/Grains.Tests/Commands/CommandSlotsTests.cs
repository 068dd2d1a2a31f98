using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Grains.Workspaces;

namespace OpenClaw.Grains.Tests.Commands;

public sealed class CommandSlotsTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly SignallingClock _time = new(DateTimeOffset.UnixEpoch);
    private readonly CommandSlots _slots;

    public CommandSlotsTests() => _slots = new CommandSlots(_time);

    [Fact]
    public async Task There_are_as_many_as_the_limit_says_and_the_same_command_takes_one()
    {
        Assert.True(await _slots.EnterAsync("a", Lifetime, most: 2));
        Assert.True(await _slots.EnterAsync("a", Lifetime, most: 2));
        Assert.True(await _slots.EnterAsync("b", Lifetime, most: 2));

        var third = _slots.EnterAsync("c", Lifetime, most: 2);

        Assert.False(third.IsCompleted);
        _slots.Leave("a");
        Assert.True(await third);
    }

    [Fact]
    public async Task Who_came_first_goes_first()
    {
        await _slots.EnterAsync("a", Lifetime, most: 1);
        var second = _slots.EnterAsync("b", Lifetime, most: 1);
        var third = _slots.EnterAsync("c", Lifetime, most: 1);

        _slots.Leave("a");

        Assert.True(await second);
        Assert.False(third.IsCompleted);
    }

    [Fact]
    public async Task After_ten_seconds_there_is_none()
    {
        await _slots.EnterAsync("a", Lifetime, most: 1);
        var second = _slots.EnterAsync("b", Lifetime, most: 1);

        for (var i = 0; i < 9; i++) await PassAsync();
        Assert.False(second.IsCompleted);
        await PassAsync();

        Assert.False(await second);
    }

    [Fact]
    public async Task The_slot_of_a_command_whose_silo_died_comes_back_with_its_time()
    {
        await _slots.EnterAsync("a", TimeSpan.FromSeconds(3), most: 1);
        var second = _slots.EnterAsync("b", Lifetime, most: 1);

        for (var i = 0; i < 3; i++) await PassAsync();

        Assert.True(await second);
    }

    /// <summary>Who waits looks each second.</summary>
    private Task PassAsync() => _time.PassAsync(TimeSpan.FromSeconds(1));
}
