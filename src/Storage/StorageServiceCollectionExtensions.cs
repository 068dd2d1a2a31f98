using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Idempotency;
using OpenClaw.Storage.Maintenance;
using OpenClaw.Storage.Memory;
using OpenClaw.Storage.Postgres;
using OpenClaw.Storage.Secrets;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Skills;
using OpenClaw.Storage.Sql;
using OpenClaw.Storage.Sqlite;
using OpenClaw.Storage.Tasks;
using OpenClaw.Storage.Tenants;
using OpenClaw.Storage.Webhooks;
using OpenClaw.Storage.Workspaces;
using Orleans.Serialization;

namespace OpenClaw.Storage;

public static class StorageServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ISessionLog"/>, <see cref="IIdempotencyStore"/>, <see cref="IEventLog"/>, <see cref="ITenantIndex"/>,
    /// <see cref="ITenantDeletions"/>, <see cref="IMemoryStore"/>, <see cref="IMemoryVectors"/>, <see cref="ISkillStore"/>, <see cref="ITaskStore"/>, <see cref="IWebhookStore"/>, <see cref="SkillFiles"/> and <see cref="WorkspaceStore"/> as singletons, and the work that keeps the database clean while the host runs. <see cref="DatabaseMigrator"/> has to
    /// have run before the first of them is used. Time comes from the registered <see cref="TimeProvider"/>.
    /// </summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is missing or not known.</exception>
    public static IServiceCollection AddOpenClawStorage(this IServiceCollection services, StorageOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        if (options.IsPostgres())
        {
            services.AddSingleton<ISqlDatabase>(provider => new PostgresDatabase(
                options.ConnectionString!, new PostgresLimits(), provider.GetRequiredService<TimeProvider>()));
        }
        else
        {
            services.AddSingleton<ISqlDatabase>(provider => new SqliteDatabase(
                options.SessionDatabasePath,
                new SqliteLimits(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<SqliteDatabase>>()));
        }

        services.AddSingleton(new WorkspaceStore(options));
        services.AddSingleton<PurgeSignal>();
        services.AddSingleton<SessionPurge>();
        services.AddSingleton<ISessionLog, SessionLog>();
        services.AddSingleton<IIdempotencyStore, IdempotencyStore>();
        services.AddSingleton<IEventLog, EventLog>();
        services.AddSingleton<ITenantIndex, TenantIndex>();
        services.AddSingleton<MemoryStore>();
        services.AddSingleton<IMemoryStore>(provider => provider.GetRequiredService<MemoryStore>());
        services.AddSingleton<IMemoryVectors>(provider => provider.GetRequiredService<MemoryStore>());
        services.AddSingleton<ISkillStore, SkillStore>();
        services.AddSingleton<IWebhookStore, WebhookStore>();
        services.AddSingleton<ITaskStore, TaskStore>();
        services.AddSingleton(provider => new SkillFiles(options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IProtectionKeyStore, ProtectionKeyStore>();
        services.AddSingleton<ITenantDeletions, TenantDeletions>();
        services.AddHostedService<StorageMaintenance>();
        return services.AddStorageFailures();
    }

    /// <summary>
    /// Lets the database's failures reach whoever called a grain. A failure goes from process to process with its cause; a
    /// cause that Orleans may not write makes another failure of it.
    /// </summary>
    public static IServiceCollection AddStorageFailures(this IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add("Npgsql"));
}
