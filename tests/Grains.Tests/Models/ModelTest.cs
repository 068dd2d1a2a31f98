using OpenClaw.ModelServer;

namespace OpenClaw.Grains.Tests.Models;

/// <summary>A test that begins with an empty script and no requests.</summary>
public abstract class ModelTest(ModelServerFixture fixture) : IClassFixture<ModelServerFixture>, IAsyncLifetime
{
    private protected const string OpenAI = TestGateway.OpenAIModel;
    private protected const string Anthropic = TestGateway.AnthropicModel;

    private protected ModelServerProcess Server => fixture.Server;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected Task<IReadOnlyList<RecordedRequest>> ArrivedAsync(int count) =>
        Server.WaitForRequestsAsync(count, cancellationToken: Cancellation);

    private protected Task<IReadOnlyList<RecordedRequest>> EndedAsync(int count) =>
        Server.WaitForRequestsAsync(count, ended: true, cancellationToken: Cancellation);

    public async ValueTask InitializeAsync() => await Server.ResetAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
