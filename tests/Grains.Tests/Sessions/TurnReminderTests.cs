using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Grains.Tests.Hosting;

namespace OpenClaw.Grains.Tests.Sessions;

/// <summary>The reminder that guards a long turn. Orleans' own reminders, on a table whose calls the test sees and lets fail.</summary>
public sealed class TurnReminderTests : IAsyncLifetime
{
    private readonly SignallingClock _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private WatchedReminders _reminders = null!;
    private SiloHost _silo = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _silo = await SiloHost.StartAsync(new SiloHostSettings { Time = _time, Configure = WatchReminders });

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task A_turn_that_runs_for_ten_seconds_has_a_reminder_until_it_ends()
    {
        var session = await _silo.CreateSessionAsync();
        await session.SendAsync("one");
        var first = await _silo.Models.NextAsync();
        await session.SendAsync("two");
        Assert.Empty(await RemindersOf(session));

        await PassTenSecondsAsync();
        Assert.Equal("turn", Assert.Single(await RemindersOf(session)).ReminderName);
        first.Finish();
        var second = await _silo.Models.NextAsync();

        Assert.Empty(await RemindersOf(session));
        second.Finish();
    }

    [Fact]
    public async Task A_turn_of_less_than_ten_seconds_has_none()
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("one");
        var step = await _silo.Models.NextAsync();
        _time.Advance(TimeSpan.FromMilliseconds(9_999));
        step.Finish();
        await session.AnswerAsync(sent.TurnId);
        _time.Advance(TimeSpan.FromSeconds(10));

        // The next turn begins on the scheduler on which a registration would have run before it.
        await session.SendAsync("two");
        (await _silo.Models.NextAsync()).Finish();
        Assert.False(_reminders.Registered.IsCompleted);
    }

    [Fact]
    public async Task A_turn_whose_reminder_cannot_be_removed_ends_and_the_next_one_knows_it()
    {
        var session = await _silo.CreateSessionAsync();
        await session.SendAsync("one");
        var first = await _silo.Models.NextAsync();
        var next = await session.SendAsync("two");
        await PassTenSecondsAsync();

        _reminders.Refuses = true;
        first.Say("answer").Finish();
        var second = await _silo.Models.NextAsync();
        second.Finish();

        Assert.Equal(["one", "answer", "two"], second.Request.Messages.Skip(1).Select(message => message.Text));
        await session.AnswerAsync(next.TurnId);
        Assert.Single(await RemindersOf(session));

        _reminders.Refuses = false;
        await session.Grain.AsReference<IRemindable>().ReceiveReminder("turn", default, Cancellation);
        Assert.Empty(await RemindersOf(session));
    }

    [Fact]
    public async Task A_turn_whose_reminder_cannot_be_registered_ends_like_any_other()
    {
        _reminders.Refuses = true;
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("one");
        var step = await _silo.Models.NextAsync();
        await PassTenSecondsAsync();
        step.Say("answer").Finish();

        Assert.Equal("answer", (await session.AnswerAsync(sent.TurnId)).Content);
    }

    [Fact]
    public async Task A_reminder_that_comes_due_leaves_a_turn_that_runs_alone()
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("one");
        var step = await _silo.Models.NextAsync();
        await PassTenSecondsAsync();

        await session.Grain.AsReference<IRemindable>().ReceiveReminder("turn", default, Cancellation);
        Assert.Single(await RemindersOf(session));
        step.Say("answer").Finish();

        Assert.Equal("answer", (await session.AnswerAsync(sent.TurnId)).Content);
        Assert.False(_silo.Models.HasCall);
    }

    private Task PassTenSecondsAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        return _reminders.Registered.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    private async Task<IList<ReminderEntry>> RemindersOf(TestSession session) =>
        (await _reminders.ReadRows(session.Grain.GetGrainId())).Reminders;

    private void WatchReminders(IServiceCollection services)
    {
        var table = services.Last(service => service.ServiceType == typeof(IReminderTable)).ImplementationType!;
        services.AddSingleton<IReminderTable>(provider =>
            _reminders = new WatchedReminders((IReminderTable)ActivatorUtilities.CreateInstance(provider, table)));
    }
}
