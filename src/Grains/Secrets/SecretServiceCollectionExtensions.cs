using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenClaw.Storage;

namespace OpenClaw.Grains.Secrets;

public static class SecretServiceCollectionExtensions
{
    /// <summary>Adds <see cref="ISecretProtector"/>; it needs the stores of <c>OpenClaw.Storage</c>.</summary>
    public static IServiceCollection AddSecretProtection(this IServiceCollection services, IConfiguration configuration, StorageOptions storage)
    {
        services.AddOptions<DataProtectionSettings>()
            .Bind(configuration.GetSection(DataProtectionSettings.Section))
            .Configure(settings =>
            {
                settings.DataDirectory = storage.DataDirectory;
                settings.IsShared = !storage.IsEmbedded;
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<DataProtectionSettings>, DataProtectionSettingsValidator>();
        services.AddSingleton<ISecretProtector, SecretProtector>();
        return services;
    }
}
