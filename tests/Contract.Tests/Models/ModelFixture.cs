using OpenClaw.Contract.Tests.Support;
using OpenClaw.ModelServer;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Models;

/// <summary>A server that asks the scripted model server, as OpenAI's and as Anthropic's.</summary>
public class ModelFixture : IAsyncLifetime
{
    private ModelServerProcess? _model;
    private ServerProcess? _server;

    public ModelServerProcess Model => _model!;

    public async ValueTask InitializeAsync()
    {
        _model = await ModelServerProcess.StartAsync();
        var environment = new Dictionary<string, string>
        {
            ["OPENAI_API_KEY"] = "openai-secret-key",
            ["OPENAI_BASE_URL"] = _model.OpenAIBaseUrl,
            ["ANTHROPIC_API_KEY"] = "anthropic-secret-key",
            ["ANTHROPIC_BASE_URL"] = _model.AnthropicBaseUrl,
        };
        environment["OpenClaw__Egress__AllowPrivateNetworks"] = "true";
        foreach (var (name, value) in Settings)
            environment[name] = value;
        _server = await ServerProcess.StartAsync(new ServerSettings { Environment = environment });
    }

    /// <summary>Further settings of the server.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_model is not null)
            await _model.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A tenant of its own with a session of the model.</summary>
    public async Task<(TestTenant Tenant, string SessionId)> NewSessionAsync(string model, CancellationToken cancellationToken)
    {
        var tenant = await TestTenant.CreateAsync(_server!, cancellationToken);
        return (tenant, await tenant.Client.CreateSessionAsync(cancellationToken, new { model, systemPrompt = "Speak like a pirate." }));
    }

    /// <summary>The requests that were asked with this text in them.</summary>
    public async Task<List<RecordedRequest>> AskedAsync(string text) =>
        [.. (await Model.RequestsAsync()).Where(request => request.Body.Contains(text, StringComparison.Ordinal))];
}
