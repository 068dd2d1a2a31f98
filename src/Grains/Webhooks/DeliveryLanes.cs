using System.Globalization;
using OpenClaw.Storage.Webhooks;

namespace OpenClaw.Grains.Webhooks;

/// <summary>
/// Deliveries that are due, in lanes: those of one session one after the other, in the order of their events; different sessions,
/// and events without one, beside each other, each lane in its turn.
/// </summary>
internal sealed class DeliveryLanes
{
    private readonly Dictionary<string, PriorityQueue<DueDelivery, long>> _lanes = new(StringComparer.Ordinal);
    private readonly HashSet<long> _held = [];

    /// <summary>What has ended since the last look.</summary>
    private readonly HashSet<long> _ended = [];

    /// <summary>Lanes with something that may be taken.</summary>
    private readonly Queue<string> _ready = new();

    /// <summary>Deliveries that wait here, and those that were taken and have not ended.</summary>
    public int Count => _held.Count;

    /// <summary>It is being read what is due. What ends meanwhile may be read as if it were still waiting.</summary>
    public void Look() => _ended.Clear();

    /// <summary>Nothing when it is here already, or has ended since the look began.</summary>
    public void Add(DueDelivery delivery)
    {
        if (_ended.Contains(delivery.Seq) || !_held.Add(delivery.Seq)) return;
        var name = NameOf(delivery);
        if (!_lanes.TryGetValue(name, out var lane))
        {
            _lanes.Add(name, lane = new PriorityQueue<DueDelivery, long>());
            _ready.Enqueue(name);
        }

        lane.Enqueue(delivery, delivery.Seq);
    }

    /// <summary>The next delivery, whose lane waits until it has ended; null when there is none now.</summary>
    public DueDelivery? Take() => _ready.TryDequeue(out var name) ? _lanes[name].Dequeue() : null;

    /// <summary>A delivery that was taken has ended, well or not.</summary>
    public void End(DueDelivery delivery)
    {
        _held.Remove(delivery.Seq);
        _ended.Add(delivery.Seq);
        var name = NameOf(delivery);
        if (_lanes[name].Count > 0) _ready.Enqueue(name);
        else _lanes.Remove(name);
    }

    /// <summary>No session's id is a number behind a line feed.</summary>
    private static string NameOf(DueDelivery delivery) =>
        delivery.SessionId.Length > 0 ? delivery.SessionId : string.Create(CultureInfo.InvariantCulture, $"\n{delivery.Seq}");
}
