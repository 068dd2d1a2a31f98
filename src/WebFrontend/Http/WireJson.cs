using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.WebFrontend.Approvals;
using OpenClaw.WebFrontend.Browser;
using OpenClaw.WebFrontend.Commands;
using OpenClaw.WebFrontend.Health;
using OpenClaw.WebFrontend.Memory;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Skills;
using OpenClaw.WebFrontend.Sockets;
using OpenClaw.WebFrontend.Tasks;
using OpenClaw.WebFrontend.Tenants;
using OpenClaw.WebFrontend.Webhooks;
using OpenClaw.WebFrontend.Workspaces;

namespace OpenClaw.WebFrontend.Http;

/// <summary>Every type that the API writes as JSON, with generated code instead of reflection.</summary>
[JsonSerializable(typeof(CreatedSessionResource))]
[JsonSerializable(typeof(DeletedSessionResource))]
[JsonSerializable(typeof(SessionResource))]
[JsonSerializable(typeof(SessionListResource))]
[JsonSerializable(typeof(CancelResource))]
[JsonSerializable(typeof(ActiveSessionListResource))]
[JsonSerializable(typeof(MessageListResource))]
[JsonSerializable(typeof(AnswerResource))]
[JsonSerializable(typeof(ApprovalListResource))]
[JsonSerializable(typeof(DecidedApprovalResource))]
[JsonSerializable(typeof(ToolPolicyResource))]
[JsonSerializable(typeof(TenantResource))]
[JsonSerializable(typeof(TenantListResource))]
[JsonSerializable(typeof(DeletedTenantResource))]
[JsonSerializable(typeof(ApiKeyResource))]
[JsonSerializable(typeof(ApiKeyListResource))]
[JsonSerializable(typeof(DeletedApiKeyResource))]
[JsonSerializable(typeof(LimitsResource))]
[JsonSerializable(typeof(UsageListResource))]
[JsonSerializable(typeof(FileContentResource))]
[JsonSerializable(typeof(WrittenFileResource))]
[JsonSerializable(typeof(FileListResource))]
[JsonSerializable(typeof(FileSearchResource))]
[JsonSerializable(typeof(DeletedFileResource))]
[JsonSerializable(typeof(MovedFileResource))]
[JsonSerializable(typeof(StoredMemoryResource))]
[JsonSerializable(typeof(MemoryResource))]
[JsonSerializable(typeof(MemoryListResource))]
[JsonSerializable(typeof(MemorySearchResource))]
[JsonSerializable(typeof(DeletedMemoryResource))]
[JsonSerializable(typeof(UndoneMemoryResource))]
[JsonSerializable(typeof(ImportedMemoryResource))]
[JsonSerializable(typeof(SkillListResource))]
[JsonSerializable(typeof(SkillResource))]
[JsonSerializable(typeof(InstalledSkillResource))]
[JsonSerializable(typeof(DeletedSkillResource))]
[JsonSerializable(typeof(ExecutedSkillResource))]
[JsonSerializable(typeof(SkillRunListResource))]
[JsonSerializable(typeof(CreatedWebhookResource))]
[JsonSerializable(typeof(WebhookListResource))]
[JsonSerializable(typeof(WebhookResource))]
[JsonSerializable(typeof(DeletedWebhookResource))]
[JsonSerializable(typeof(DeliveryListResource))]
[JsonSerializable(typeof(DeliveryResource))]
[JsonSerializable(typeof(TaskResource))]
[JsonSerializable(typeof(TaskListResource))]
[JsonSerializable(typeof(CreatedTaskResource))]
[JsonSerializable(typeof(DeletedTaskResource))]
[JsonSerializable(typeof(TaskRunResource))]
[JsonSerializable(typeof(TaskRunListResource))]
[JsonSerializable(typeof(CommandResultResource))]
[JsonSerializable(typeof(StartedCommandResource))]
[JsonSerializable(typeof(CommandResource))]
[JsonSerializable(typeof(DeletedCommandResource))]
[JsonSerializable(typeof(OutputEventResource))]
[JsonSerializable(typeof(ExitEventResource))]
[JsonSerializable(typeof(OpenedPageResource))]
[JsonSerializable(typeof(PageResource))]
[JsonSerializable(typeof(ScriptResultResource))]
[JsonSerializable(typeof(SnapshotResource))]
[JsonSerializable(typeof(ClosedBrowserResource))]
[JsonSerializable(typeof(SocketTicketResource))]
[JsonSerializable(typeof(HealthResource))]
[JsonSerializable(typeof(ReadyResource))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>The generated context with the API's own escaping and times.</summary>
    public static WireJson Instance { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = MinimalJsonEncoder.Instance,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new UtcTimeConverter() },
    });
}
