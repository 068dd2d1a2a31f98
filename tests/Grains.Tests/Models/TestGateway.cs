using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Tools;
using OpenClaw.ModelServer;

namespace OpenClaw.Grains.Tests.Models;

/// <summary>The gateway as a host would have it, with retries that do not wait.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    public const string OpenAIModel = "gpt-test";
    public const string AnthropicModel = "claude-test";

    private readonly ServiceProvider _services;

    private TestGateway(ServiceProvider services) => _services = services;

    public IModelGateway Models => _services.GetRequiredService<IModelGateway>();

    public IToolRegistry Tools => _services.GetRequiredService<IToolRegistry>();

    /// <summary>With both providers at one server.</summary>
    public static TestGateway For(ModelServerProcess server, params (string Key, string Value)[] settings) =>
        For(server, TimeProvider.System, settings);

    public static TestGateway For(ModelServerProcess server, TimeProvider time, params (string Key, string Value)[] settings) => Create(time,
    [
        ("OPENAI_BASE_URL", server.OpenAIBaseUrl),
        ("ANTHROPIC_BASE_URL", server.AnthropicBaseUrl),
        ("ANTHROPIC_API_KEY", "sk-ant-secret-key"),
        .. settings,
    ]);

    public static TestGateway Create(TimeProvider time, params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?> { ["OpenClaw:Models:RetryDelay"] = "00:00:00" };
        foreach (var (key, value) in settings) values[key] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(time);
        services.AddOpenClawModels(configuration);
        return new TestGateway(services.BuildServiceProvider());
    }

    /// <summary>Asks one question and gathers the answer; a failure is in it.</summary>
    public Task<TestAnswer> AskAsync(string model, string question) =>
        AskAsync(new ModelRequest { Tenant = TenantId.Default, Model = model, Messages = [new ChatMessage(ChatRole.User, question)] });

    public Task<TestAnswer> AskWithToolsAsync(string model, params ChatMessage[] messages) =>
        AskAsync(new ModelRequest { Tenant = TenantId.Default, Model = model, Messages = messages, Tools = Tools.For(Scopes.All) });

    public Task<TestAnswer> AskAsync(ModelRequest request) => AskUntilAsync(request, TestContext.Current.CancellationToken);

    public async Task<TestAnswer> AskUntilAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        var answer = new TestAnswer();
        try
        {
            await foreach (var update in Models.StreamAsync(request, cancellationToken))
            {
                Assert.Null(answer.Finished);
                switch (update)
                {
                    case ModelText text:
                        answer.Chunks.Add(text.Text);
                        break;
                    case ModelToolCall call:
                        answer.Calls.Add(call);
                        break;
                    case ModelFinished finished:
                        answer.Finished = finished;
                        break;
                }
            }
        }
        catch (ModelException failure)
        {
            answer.Problem = failure.Problem;
        }

        return answer;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>What came of a question.</summary>
internal sealed class TestAnswer
{
    public List<string> Chunks { get; } = [];

    public List<ModelToolCall> Calls { get; } = [];

    public ModelFinished? Finished { get; set; }

    public Problem? Problem { get; set; }

    public string Text => string.Concat(Chunks);
}
