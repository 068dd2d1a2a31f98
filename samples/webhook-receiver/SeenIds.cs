namespace OpenClaw.Samples.WebhookReceiver;

/// <summary>The ids of the latest deliveries. A receiver that must not act twice keeps them where it keeps what it does.</summary>
internal sealed class SeenIds
{
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>False when it was seen before.</summary>
    public bool Add(string id)
    {
        lock (_lock)
        {
            if (!_ids.Add(id)) return false;
            _order.Enqueue(id);
            if (_order.Count > Most) _ids.Remove(_order.Dequeue());
            return true;
        }
    }
}
