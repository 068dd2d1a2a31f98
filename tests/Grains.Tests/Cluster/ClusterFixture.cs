namespace OpenClaw.Grains.Tests.Cluster;

/// <summary>A silo that the classes of <see cref="ClusterCollection"/> share, one test at a time; each test makes its own tenant.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private readonly TestDirectory _directory = new();
    private TestSilo? _silo;

    public TestSilo Silo => _silo ?? throw new InvalidOperationException("The silo has not been started.");

    public async ValueTask InitializeAsync() => _silo = await TestSilo.StartAsync(_directory.Path);

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
            await _silo.DisposeAsync();
        _directory.Dispose();
    }
}
