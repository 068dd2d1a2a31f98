using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenClaw.Silo.Diagnostics;
using OpenClaw.Silo.Operations;

namespace OpenClaw.Silo;

/// <summary>The stand-alone silo: grains without an API, and a private endpoint for its operator.</summary>
public static class SiloServer
{
    /// <summary>Runs until the process is told to stop.</summary>
    /// <param name="args">The command line, part of the configuration.</param>
    /// <param name="addServices">What a silo of one's own has beside the product's, such as further tools.</param>
    /// <exception cref="InvalidOperationException">A setting cannot be used; the message names it.</exception>
    public static async Task RunAsync(string[] args, Action<IServiceCollection, IConfiguration>? addServices = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args,
            // appsettings.json lies beside the program; the data directory is relative to where the server is started.
            ContentRootPath = AppContext.BaseDirectory,
        });
        if (ServerRoles.Of(builder.Configuration, unset: ServerRole.Silo) is var role and not ServerRole.Silo)
        {
            throw new InvalidOperationException(
                $"The setting {ServerRoles.Setting} is '{role.ToString().ToLowerInvariant()}', and this program is the stand-alone silo. "
                + "Leave it unset or 'silo' here; OpenClaw.WebFrontend serves every role.");
        }

        MetricsApi.Start();
        builder.AddOpenClawTracing();
        // Before the silo, so that it tells of a silo that cannot start, and until after its end.
        builder.Services.AddSingleton<SiloHealth>();
        builder.Services.AddHostedService<OperationsEndpoint>();
        builder.AddOpenClawSilo();
        addServices?.Invoke(builder.Services, builder.Configuration);

        using var host = builder.Build();
        await host.PrepareOpenClawDatabaseAsync();
        await host.RunAsync();
    }
}
