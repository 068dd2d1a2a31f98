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
        silo.AddGrainDirectory(Name, (services, _) => services.CreateActivationDirectory(cluster.Id));
        silo.Services.AddSingleton<IGrainDirectoryResolver, Resolver>();
        return silo;
    }

    /// <summary>An attribute on the grain would ask for the directory in an embedded silo too, which needs none.</summary>
    private sealed class Resolver([FromKeyedServices(Name)] IGrainDirectory sessions) : IGrainDirectoryResolver
    {
        private static readonly GrainType Session = GrainType.Create("session");

        public bool TryResolveGrainDirectory(
            GrainType grainType, GrainProperties? properties, [NotNullWhen(true)] out IGrainDirectory? grainDirectory)
        {
            grainDirectory = grainType == Session ? sessions : null;
            return grainDirectory is not null;
        }
    }
}
