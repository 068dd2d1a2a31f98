namespace OpenClaw.Cluster.Tests;

/// <summary>The tests that share one cluster, one after the other: five processes fill the machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ScriptedClusterCollection : ICollectionFixture<ScriptedCluster>
{
    public const string Name = "scripted cluster";
}
