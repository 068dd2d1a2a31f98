using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Streaming;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace OpenClaw.WebFrontend.Tests.Feed;

/// <summary>Two silos with the session streams, whose sessions are <see cref="TestSessionGrain"/>s, and their tenants' events <see cref="TestTenantEventsGrain"/>s.</summary>
public sealed class FeedCluster : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster = Build();

    internal InProcessTestCluster Test => _cluster;

    internal IClusterClient Client => _cluster.Client;

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    internal static SessionKey NewKey()
    {
        var key = new SessionKey(TenantId.Parse("feed-tests"), Guid.NewGuid().ToString("N"));
        TestSessionLog.Create(key);
        return key;
    }

    internal ITestSession Session(SessionKey key) => Client.GetGrain<ITestSession>(key.ToString());

    /// <summary>The streams that this client has subscribed to in a session's name.</summary>
    internal Task<IList<Orleans.Streams.StreamSubscriptionHandle<FrameBatch>>> SubscriptionsAsync(SessionKey key) =>
        Client.GetStreamProvider(SessionStreams.Provider)
            .GetStream<FrameBatch>(StreamId.Create(SessionStreams.Namespace, key.ToString()))
            .GetAllSubscriptionHandles();

    private static InProcessTestCluster Build()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddSessionStreams();
            silo.Services.PostConfigure<GrainTypeOptions>(types =>
                types.Classes.RemoveWhere(type => (typeof(ISessionGrain).IsAssignableFrom(type) && type != typeof(TestSessionGrain))
                    || (typeof(ITenantEventsGrain).IsAssignableFrom(type) && type != typeof(TestTenantEventsGrain))));
            silo.Services.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(1);
            });
        });
        builder.ConfigureClient(client => client.AddSessionStreams());
        return builder.Build();
    }
}
