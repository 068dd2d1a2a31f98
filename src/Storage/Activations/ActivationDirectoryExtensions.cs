using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Activations;

public static class ActivationDirectoryExtensions
{
    /// <summary>The directory of a cluster's activations in the database of <see cref="StorageServiceCollectionExtensions.AddOpenClawStorage"/>.</summary>
    public static IActivationDirectory CreateActivationDirectory(this IServiceProvider services, string cluster) => new ActivationDirectory(
        services.GetRequiredService<ISqlDatabase>(), cluster, services.GetRequiredService<ILogger<ActivationDirectory>>());
}
