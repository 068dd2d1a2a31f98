namespace OpenClaw.Grains.Workspaces;

/// <summary>A tenant's slots for commands. Used from one activation's scheduler only.</summary>
internal sealed class CommandSlots(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, DateTimeOffset> _running = [];
    private readonly LinkedList<TaskCompletionSource> _waiting = [];

    /// <summary>Takes a slot, or waits for one in the order of coming; false when there is none in time.</summary>
    public async Task<bool> EnterAsync(string command, TimeSpan lifetime, int most)
    {
        var until = time.GetUtcNow() + Patience;
        // Who comes anew stands behind those who wait.
        for (var comes = true; !_running.ContainsKey(command) && ((comes && _waiting.Count > 0) || !HasRoom(most)); comes = false)
        {
            var left = until - time.GetUtcNow();
            if (left <= TimeSpan.Zero) return false;
            var turn = _waiting.AddLast(new TaskCompletionSource());
            using var waited = new CancellationTokenSource();
            // Slots of dead commands come back by the clock alone.
            var next = left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1);
            await Task.WhenAny(turn.Value.Task, Task.Delay(next, time, waited.Token));
            await waited.CancelAsync();
            if (turn.List is not null) _waiting.Remove(turn);
        }

        _running[command] = time.GetUtcNow() + lifetime;
        return true;
    }

    public void Leave(string command)
    {
        _running.Remove(command);
        if (_waiting.First is not { } first) return;
        _waiting.RemoveFirst();
        first.Value.SetResult();
    }

    public bool IsEmpty => _running.Count == 0;

    private bool HasRoom(int most)
    {
        if (_running.Count < most) return true;
        var now = time.GetUtcNow();
        foreach (var (command, expires) in _running.ToArray())
        {
            if (expires <= now) _running.Remove(command);
        }

        return _running.Count < most;
    }
}
