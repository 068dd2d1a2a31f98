using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.State;

namespace OpenClaw.Grains.Tenants;

/// <summary>One browser's sign-in. Its reminder removes what nobody signed out of.</summary>
[GrainType("login")]
internal sealed class LoginGrain(
    [PersistentState(StateNames.Login, StateStorage.Provider)] IPersistentState<LoginState> state,
    TimeProvider time) : Grain, ILoginGrain, IRemindable
{
    private const string Reminder = "expiry";

    /// <summary>Orleans' shortest; the first tick is the one that counts.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>What is durable; the state itself may hold what failed to be written.</summary>
    private LoginState _current = new();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _current = state.State;
        return Task.CompletedTask;
    }

    public async Task Begin(string keyHash, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        // First, since a reminder without a sign-in does no harm.
        await this.RegisterOrUpdateReminder(Reminder, expiresAt - time.GetUtcNow(), Period, CancellationToken.None);
        var next = new LoginState { KeyHash = keyHash, ExpiresAt = expiresAt };
        await state.WriteAsync(next, this);
        _current = next;
    }

    public Task<string?> Find(CancellationToken cancellationToken)
    {
        if (_current.KeyHash is null)
        {
            // Made-up cookies must not fill the memory with activations.
            DeactivateOnIdle();
        }

        return Task.FromResult(_current.ExpiresAt > time.GetUtcNow() ? _current.KeyHash : null);
    }

    public async Task End(CancellationToken cancellationToken)
    {
        // Whatever becomes of it, the next call reads anew.
        DeactivateOnIdle();
        if (_current.KeyHash is null)
            return;
        _current = new LoginState();
        await state.ClearStateAsync(CancellationToken.None);
        await RemoveReminderAsync();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_current.KeyHash is null)
            await RemoveReminderAsync();
        else if (_current.ExpiresAt <= time.GetUtcNow())
            await End(CancellationToken.None);
    }

    private async Task RemoveReminderAsync()
    {
        if (await this.GetReminder(Reminder) is { } reminder)
            await this.UnregisterReminder(reminder);
    }
}
