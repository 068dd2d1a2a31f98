namespace OpenClaw.Grains.Tests.Hosting;

/// <summary>A table of reminders that tells of the first that was registered, and can refuse to be changed.</summary>
internal sealed class WatchedReminders(IReminderTable inner) : IReminderTable
{
    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first registration is in the table, or was refused.</summary>
    public Task Registered => _registered.Task;

    public bool Refuses { get; set; }

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default) => inner.StopAsync(cancellationToken);

    public Task<ReminderTableData> ReadRows(GrainId grainId) => inner.ReadRows(grainId);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => inner.ReadRows(begin, end);

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => inner.ReadRow(grainId, reminderName);

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        try
        {
            Check();
            return await inner.UpsertRow(entry);
        }
        finally
        {
            _registered.TrySetResult();
        }
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        Check();
        return inner.RemoveRow(grainId, reminderName, eTag);
    }

    public Task TestOnlyClearTable() => inner.TestOnlyClearTable();

    private void Check()
    {
        if (Refuses) throw new InvalidOperationException("The test refuses this change.");
    }
}
