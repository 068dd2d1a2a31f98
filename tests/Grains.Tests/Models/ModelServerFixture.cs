using OpenClaw.ModelServer;

namespace OpenClaw.Grains.Tests.Models;

/// <summary>A model server for one test class.</summary>
public sealed class ModelServerFixture : IAsyncLifetime
{
    public ModelServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ModelServerProcess.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
