using Microsoft.Extensions.Configuration;

namespace OpenClaw.Silo;

/// <summary>Reads <see cref="ServerRole"/> and refuses what cannot work.</summary>
public static class ServerRoles
{
    public const string Setting = "OpenClaw:Role";

    /// <param name="configuration">Where <see cref="Setting"/> and the database's settings stand.</param>
    /// <param name="unset">The role of a process that is given none.</param>
    /// <exception cref="InvalidOperationException">There is no such role, or the database cannot serve it; the message names the setting.</exception>
    public static ServerRole Of(IConfiguration configuration, ServerRole unset = ServerRole.All)
    {
        var text = configuration[Setting];
        var role = text?.ToLowerInvariant() switch
        {
            null or "" => unset,
            "all" => ServerRole.All,
            "silo" => ServerRole.Silo,
            "frontend" => ServerRole.Frontend,
            _ => throw new InvalidOperationException($"The setting {Setting} is '{text}'; it must be 'all', 'silo' or 'frontend'."),
        };
        // Silos and front-ends find one another through the database, which only PostgreSQL shares between processes.
        if (role is not ServerRole.All && !StorageSettings.From(configuration).IsShared())
        {
            throw new InvalidOperationException(
                $"The setting {Setting} is '{role.ToString().ToLowerInvariant()}', and silos and front-ends find one another through their database, "
                + "but OpenClaw:Database:Provider is 'sqlite', which belongs to one process. Set OpenClaw:Database:Provider to 'postgres' "
                + $"and OpenClaw:Database:ConnectionString to the cluster's database, or {Setting} to 'all'.");
        }

        return role;
    }
}
