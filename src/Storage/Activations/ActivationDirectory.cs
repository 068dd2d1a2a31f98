using Microsoft.Extensions.Logging;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Activations;

/// <summary>
/// Where grains are active, in the database that the cluster shares: one row per activation. Orleans' own directory lives in
/// the memory of the silos, and each that leaves or dies takes its part of it along; the grains in that part are then
/// deactivated, or activated twice, though their silos are well.
/// </summary>
internal sealed partial class ActivationDirectory(ISqlDatabase database, string cluster, ILogger<ActivationDirectory> logger) : IActivationDirectory
{
    /// <summary>Rows of a dead silo removed in one transaction.</summary>
    private const int RemovePiece = 1000;

    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, null);

    /// <summary>Registers the activation, in place of <paramref name="previousAddress"/> if that is given and registered.</summary>
    /// <returns>What is registered in the end: the activation itself or the one that was there before.</returns>
    public async Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress)
    {
        var grain = address.GrainId.ToString();
        SqlValue[] row =
        [
            SqlValue.Of(cluster), SqlValue.Of(grain), SqlValue.Of(address.ActivationId.ToParsableString()),
            SqlValue.Of(address.SiloAddress!.ToParsableString()), SqlValue.Of(address.MembershipVersion.Value),
            SqlValue.Of((previousAddress ?? address).ActivationId.ToParsableString()),
        ];
        while (true)
        {
            if (await database.WriteAsync(Statements.RegisterActivation, grain, row, CancellationToken.None) > 0)
                return address;
            // Null: the one that stood in the way has gone since.
            if (await Lookup(address.GrainId) is { } registered)
                return registered;
        }
    }

    public async Task<GrainAddress?> Lookup(GrainId grainId) => await database.FindAsync(
        Statements.FindActivation,
        [SqlValue.Of(cluster), SqlValue.Of(grainId.ToString())],
        row => new GrainAddress
        {
            GrainId = grainId,
            ActivationId = ActivationId.FromParsableString(row.GetText(0)),
            SiloAddress = SiloAddress.FromParsableString(row.GetText(1)),
            MembershipVersion = new MembershipVersion(row.GetInt64(2)),
        },
        CancellationToken.None);

    public Task Unregister(GrainAddress address)
    {
        var grain = address.GrainId.ToString();
        return database.WriteAsync(
            Statements.UnregisterActivation,
            grain,
            [SqlValue.Of(cluster), SqlValue.Of(grain), SqlValue.Of(address.ActivationId.ToParsableString())],
            CancellationToken.None);
    }

    /// <summary>Removes the rows of dead silos, which are found out one by one otherwise.</summary>
    public async Task UnregisterSilos(List<SiloAddress> siloAddresses)
    {
        foreach (var silo in siloAddresses)
        {
            var name = silo.ToParsableString();
            try
            {
                while (await database.WriteAsync(
                    Statements.UnregisterSilo, name, [SqlValue.Of(cluster), SqlValue.Of(name), SqlValue.Of(RemovePiece)], CancellationToken.None) > 0)
                {
                }
            }
            catch (StorageUnavailableException failure)
            {
                // Orleans would listen to no further death.
                LogNotRemoved(failure, name);
            }
        }
    }

    public async Task<IReadOnlyList<SiloAddress>> ListSilosAsync(CancellationToken cancellationToken) => await database.ListAsync(
        Statements.ListActivationSilos, [SqlValue.Of(cluster)], static row => SiloAddress.FromParsableString(row.GetText(0)), cancellationToken);

    [LoggerMessage(2040, LogLevel.Warning, "The activations of the dead silo {Silo} stay in the directory until each is looked for")]
    private partial void LogNotRemoved(Exception failure, string silo);
}
