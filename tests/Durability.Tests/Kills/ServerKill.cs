using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Kills;

/// <summary>The server is killed and started again.</summary>
internal sealed class ServerKill(ServerProcess server) : ICrash
{
    public bool ServerSurvives => false;

    public void Strike() => server.Kill();

    public Task RecoverAsync(CancellationToken cancellationToken) => server.RestartAsync(cancellationToken);
}
