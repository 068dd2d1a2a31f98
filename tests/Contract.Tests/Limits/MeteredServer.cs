using System.Text.RegularExpressions;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.ModelServer;
using OpenClaw.Testing;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Limits;

/// <summary>A server that asks a scripted model server of its own, with prices and a small reservation.</summary>
internal sealed partial class MeteredServer : IAsyncDisposable
{
    public const string Model = "gpt-4o";

    /// <summary>Tokens of answer that a call reserves.</summary>
    public const int ReservedOutput = 100;

    private MeteredServer(ModelServerProcess models, ServerProcess server)
    {
        Models = models;
        Server = server;
    }

    public ModelServerProcess Models { get; }

    public ServerProcess Server { get; }

    public static async Task<MeteredServer> StartAsync(
        DatabaseKind database, CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        var models = await ModelServerProcess.StartAsync(cancellationToken);
        var environment = new Dictionary<string, string>
        {
            ["OPENAI_API_KEY"] = "key",
            ["OPENAI_BASE_URL"] = models.OpenAIBaseUrl,
            ["OpenClaw__DefaultModel"] = Model,
            ["OpenClaw__Limits__MessagesPerMinute"] = "100000",
            ["OpenClaw__Limits__ConcurrentTurns"] = "100000",
            ["OpenClaw__Models__ReservedOutputTokens"] = $"{ReservedOutput}",
            ["OpenClaw__Models__Prices__0__Model"] = Model,
            ["OpenClaw__Models__Prices__0__InputPerMillion"] = "1000",
            ["OpenClaw__Models__Prices__0__OutputPerMillion"] = "2000",
        };
        foreach (var (name, value) in settings) environment[name] = value;
        var server = await ServerProcess.StartAsync(
            new ServerSettings { Database = database, Environment = environment }, cancellationToken);
        return new MeteredServer(models, server);
    }

    public Task<TestTenant> NewTenantAsync(CancellationToken cancellationToken) => TestTenant.CreateAsync(Server, cancellationToken);

    /// <summary>Completes when so many calls wait for a slot of the provider.</summary>
    public async Task WaitingAsync(int calls, CancellationToken cancellationToken)
    {
        using var client = Server.CreateClient(null);
        string? waiting = null;
        while (waiting != $"{calls}")
        {
            var metrics = (await client.GetAsync("/metrics", cancellationToken)).Body;
            waiting = WaitingCalls().Match(metrics) is { Success: true } match ? match.Groups[1].Value : null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Models.DisposeAsync();
    }

    [GeneratedRegex(@"(?m)^\w*queue_waiting\w*\{[^}]*queue=""openai""[^}]*\} (\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex WaitingCalls();
}
