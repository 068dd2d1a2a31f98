using Microsoft.Extensions.Options;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>How WebSockets are treated. Section <c>OpenClaw:Sockets</c>.</summary>
internal sealed class SocketOptions
{
    public const string Section = "OpenClaw:Sockets";

    /// <summary>Open sockets of a tenant in one process; one more is closed with 4429. 1 to 1,000,000.</summary>
    public int MaxConnectionsPerTenant { get; set; } = 1_000;

    /// <summary>Sockets in this process that have not shown a key yet; one more is refused with 503. 1 to 1,000,000.</summary>
    public int MaxUnauthenticated { get; set; } = 1_000;

    /// <summary>How long a client may take to show its key once the socket is open. 1 s to 1 min.</summary>
    public TimeSpan AuthenticationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a client is asked whether it is still there. 1 s to 10 min.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after a ping a client may be silent before its socket is closed. 1 s to 1 h.</summary>
    public TimeSpan PongTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Frames that a client may send at once; more are answered RATE_LIMITED. 1 to 100,000.</summary>
    public int FrameBurst { get; set; } = 100;

    /// <summary>Frames a second that a client may send for ever. 1 to 100,000.</summary>
    public int FramesPerSecond { get; set; } = 20;

    /// <summary>Frames in a row that had to be refused before the socket is closed. 1 to 100,000.</summary>
    public int MaxBadFrames { get; set; } = 50;

    /// <summary>Sessions that one socket may follow beside the tenant's channels. 1 to 10,000.</summary>
    public int MaxSessions { get; set; } = 100;
}

/// <summary>Refuses to start on a setting out of its range, naming it.</summary>
internal sealed class SocketOptionsValidator : IValidateOptions<SocketOptions>
{
    public ValidateOptionsResult Validate(string? name, SocketOptions options)
    {
        var failures = new List<string>();
        Check(nameof(options.MaxConnectionsPerTenant), options.MaxConnectionsPerTenant, 1, 1_000_000);
        Check(nameof(options.MaxUnauthenticated), options.MaxUnauthenticated, 1, 1_000_000);
        Check(nameof(options.AuthenticationTimeout), options.AuthenticationTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Check(nameof(options.PingInterval), options.PingInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Check(nameof(options.PongTimeout), options.PongTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Check(nameof(options.FrameBurst), options.FrameBurst, 1, 100_000);
        Check(nameof(options.FramesPerSecond), options.FramesPerSecond, 1, 100_000);
        Check(nameof(options.MaxBadFrames), options.MaxBadFrames, 1, 100_000);
        Check(nameof(options.MaxSessions), options.MaxSessions, 1, 10_000);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check<T>(string setting, T value, T least, T most)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
                failures.Add($"{SocketOptions.Section}:{setting} is {value}; it must lie between {least} and {most}.");
        }
    }
}
