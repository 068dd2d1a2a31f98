using OpenClaw.Contract.Tests.Support;
using OpenClaw.ModelServer;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.SkillTurns;

/// <summary>A server whose conversations ask the scripted model server, and whose skills may reach loopback.</summary>
public sealed class SkillTurnsFixture : IAsyncLifetime
{
    private ModelServerProcess? _model;
    private ServerProcess? _server;

    public ModelServerProcess Model => _model!;

    public async ValueTask InitializeAsync()
    {
        _model = await ModelServerProcess.StartAsync();
        _server = await ServerProcess.StartAsync(new ServerSettings
        {
            Environment = new Dictionary<string, string>
            {
                ["OPENAI_API_KEY"] = "key",
                ["OPENAI_BASE_URL"] = _model.OpenAIBaseUrl,
                ["OpenClaw__DefaultModel"] = "gpt-4o",
                ["OpenClaw__Egress__AllowPrivateNetworks"] = "true",
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_model is not null)
            await _model.DisposeAsync();
    }

    public Task<TestTenant> NewTenantAsync(CancellationToken cancellationToken) => TestTenant.CreateAsync(_server!, cancellationToken);
}
