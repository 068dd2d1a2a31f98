namespace OpenClaw.Grains.Abstractions.Events;

/// <summary>What can happen to a tenant, by the names of the API reference.</summary>
public static class EventTypes
{
    public const string MessageReceived = "message.received";
    public const string MessageSent = "message.sent";
    public const string SkillExecuted = "skill.executed";
    public const string TaskStarted = "task.started";
    public const string TaskCompleted = "task.completed";
    public const string ErrorOccurred = "error.occurred";

    /// <summary>Only for the webhook that was tested.</summary>
    public const string WebhookTest = "webhook.test";

    /// <summary>The five that webhooks are told of, as <c>Sql/Events.sql</c> knows them.</summary>
    public static IReadOnlyList<string> ForWebhooks { get; } = [ErrorOccurred, MessageReceived, MessageSent, SkillExecuted, TaskCompleted];
}
