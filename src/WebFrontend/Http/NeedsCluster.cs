namespace OpenClaw.WebFrontend.Http;

/// <summary>Marks a route that needs grains and sees to its callers itself.</summary>
internal sealed class NeedsCluster
{
    private NeedsCluster()
    {
    }

    public static NeedsCluster Instance { get; } = new();
}
