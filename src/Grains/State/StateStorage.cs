using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace OpenClaw.Grains.State;

/// <summary>Orleans' persistence as the grains use it.</summary>
public static class StateStorage
{
    /// <summary>Name of the grain storage that keeps every definition.</summary>
    public const string Provider = "state";

    /// <summary>Name under which the host registers Orleans' own storage for <see cref="AddStateStorage"/>.</summary>
    public const string Database = "state-database";

    /// <summary>Adds <see cref="Provider"/> on top of <see cref="Database"/>, which the host adds before or after.</summary>
    public static ISiloBuilder AddStateStorage(this ISiloBuilder silo)
    {
        silo.Services.AddKeyedSingleton<IGrainStorage>(
            Provider, static (services, _) => new TranslatingGrainStorage(services.GetRequiredKeyedService<IGrainStorage>(Database)));
        return silo;
    }
}
