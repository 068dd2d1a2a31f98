using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Storage.Activations;
using Orleans.GrainDirectory;
using Orleans.Metadata;
using Orleans.Runtime.GrainDirectory;
using Orleans.Runtime.Hosting;

namespace OpenClaw.Silo;

/// <summary>
/// Keeps where sessions are active in the cluster's database, so that a silo that leaves takes no session of another silo
/// along: docs/decisions/0006-session-directory.md. Other grains stay with Orleans' own directory.
/// </summary>
internal static class SessionDirectory
{
    private const string Name = "sessions";

    public static ISiloBuilder AddSessionDirectory(this ISiloBuilder silo, ClusterSettings cluster)
    {
        silo.Services.AddSingleton(services => services.CreateActivationDirectory(cluster.Id));
        silo.AddGrainDirectory(Name, static (services, _) => services.GetRequiredService<IActivationDirectory>());
        silo.Services.AddSingleton<IGrainDirectoryResolver, Resolver>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, Cleaner>();
        return silo;
    }

    /// <summary>An attribute on the grain would ask for the directory in an embedded silo too, which needs none.</summary>
    private sealed class Resolver(IActivationDirectory sessions) : IGrainDirectoryResolver
    {
        private static readonly GrainType Session = GrainType.Create("session");

        public bool TryResolveGrainDirectory(
            GrainType grainType, GrainProperties? properties, [NotNullWhen(true)] out IGrainDirectory? grainDirectory)
        {
            grainDirectory = grainType == Session ? sessions : null;
            return grainDirectory is not null;
        }
    }

    /// <summary>
    /// Before the silo takes activations, removes those of silos that are no members at all, as a restored backup has them:
    /// their cluster's count of members says nothing in this one, so that nobody would find out that they are gone.
    /// </summary>
    private sealed class Cleaner(IActivationDirectory sessions, IClusterMembershipService membership) : ILifecycleParticipant<ISiloLifecycle>
    {
        private IReadOnlyList<SiloAddress> _registered = [];

        /// <summary>The silo joins between the two, which reads the members: who had registered something was one by then.</summary>
        public void Participate(ISiloLifecycle lifecycle)
        {
            lifecycle.Subscribe(nameof(SessionDirectory), ServiceLifecycleStage.RuntimeGrainServices, ListAsync);
            lifecycle.Subscribe(nameof(SessionDirectory), ServiceLifecycleStage.ApplicationServices, CleanAsync);
        }

        private async Task ListAsync(CancellationToken cancellationToken) => _registered = await sessions.ListSilosAsync(cancellationToken);

        private Task CleanAsync(CancellationToken cancellationToken)
        {
            var members = membership.CurrentSnapshot.Members;
            return sessions.UnregisterSilos([.. _registered.Where(silo => !members.ContainsKey(silo))], cancellationToken);
        }
    }
}
