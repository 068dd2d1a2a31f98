using Microsoft.Extensions.Hosting;

namespace OpenClaw.Grains.Sessions;

/// <summary>
/// Cancelled when the process begins to stop. Grain timers get no such signal, so a turn links this one: it writes what
/// it has and goes on in the next process.
/// </summary>
internal sealed class SessionShutdown(IHostApplicationLifetime lifetime)
{
    public CancellationToken Token => lifetime.ApplicationStopping;
}
