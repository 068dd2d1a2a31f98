namespace OpenClaw.Grains.Tests.Cluster;

/// <summary>One at a time, since they share a clock.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}
