using Orleans.GrainDirectory;

namespace OpenClaw.Storage.Activations;

/// <summary>Where grains are active, in the database that a cluster shares.</summary>
/// <remarks>Throws <see cref="StorageUnavailableException"/> as <see cref="Sessions.ISessionLog"/> does.</remarks>
public interface IActivationDirectory : IGrainDirectory
{
    /// <summary>All silos that something is registered for, in no order. Reads the index of the whole directory.</summary>
    Task<IReadOnlyList<SiloAddress>> ListSilosAsync(CancellationToken cancellationToken);
}
