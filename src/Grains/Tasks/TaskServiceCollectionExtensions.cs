using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Tasks.Actions;
using OpenClaw.Grains.Tasks.Tools;
using OpenClaw.Grains.Tenants.Removal;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Tasks;

/// <summary>Registration of scheduled tasks in a silo, which also needs sessions, skills, commands and events.</summary>
public static class TaskServiceCollectionExtensions
{
    public static IServiceCollection AddOpenClawTasks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TaskOptions>().Bind(configuration.GetSection(TaskOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TaskDefinitions>();
        services.AddSingleton<TaskServices>();
        services.AddSingleton<AttemptCalls>();
        services.AddSingleton<ITaskActionRunner, SkillTaskRunner>();
        services.AddSingleton<ITaskActionRunner, MessageTaskRunner>();
        services.AddSingleton<ITaskActionRunner, CommandTaskRunner>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, TaskWatch>();
        services.AddSingleton<ITenantDataOwner, TenantTasks>();
        services.AddSingleton<ITool, TasksCreateTool>();
        services.AddSingleton<ITool, TasksListTool>();
        services.AddSingleton<ITool, TasksDeleteTool>();
        return services;
    }
}
