using System.Security.Cryptography;
using System.Text;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Abstractions.Events;

/// <summary>Ids of events: what a receiver knows an event again by.</summary>
public static class EventIds
{
    private const string Prefix = "evt-";
    private const int Bytes = 16;

    /// <summary>Of what stands in a session's log: the same whenever it is asked for.</summary>
    public static string Of(SessionKey session, long seq, string type) => Of($"{session}\n{seq}\n{type}");

    /// <summary>Of what has a name of its own: the same whenever it is asked for.</summary>
    /// <param name="name">No two events have the same.</param>
    public static string Of(string name) => Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, Bytes));

    public static string New() => Prefix + Guid.NewGuid().ToString("n");
}
