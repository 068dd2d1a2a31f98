using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Approvals;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>A message of the history.</summary>
internal sealed record MessageResource(
    string MessageId,
    string Role,
    string Content,
    IReadOnlyList<ActionResource> Actions,
    IReadOnlyList<AttachmentResource> Attachments,
    DateTimeOffset CreatedAt)
{
    public static MessageResource Of(SessionMessage message) => new(
        message.MessageId,
        message.Role,
        message.Content,
        ActionResource.Of(message.Actions),
        AttachmentResource.Of(message.Attachments),
        message.CreatedAt);
}

/// <summary>A file that a message refers to.</summary>
internal sealed record AttachmentResource(string Type, string Path)
{
    public static IReadOnlyList<AttachmentResource> Of(IReadOnlyList<Attachment> attachments) =>
        attachments.Count == 0 ? [] : [.. attachments.Select(attachment => new AttachmentResource(attachment.Type, attachment.Path))];
}

/// <summary>A page of the history.</summary>
internal sealed record MessageListResource(
    IReadOnlyList<MessageResource> Messages,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

/// <summary>The answer to a message, when its turn is done or waits for <c>approvals</c>.</summary>
internal sealed record AnswerResource(
    string MessageId, AnswerContentResource Response, TokenUsageResource Usage, string FinishReason, IReadOnlyList<ApprovalResource>? Approvals)
{
    public static AnswerResource Of(TurnAnswer answer) => new(
        answer.MessageId,
        new AnswerContentResource(answer.Content, ActionResource.Of(answer.Actions)),
        TokenUsageResource.Of(answer.Usage),
        answer.FinishReason,
        answer.Approvals.Count == 0 ? null : ApprovalResource.Of(answer.Approvals));
}

/// <summary>What the assistant said and did.</summary>
internal sealed record AnswerContentResource(string Content, IReadOnlyList<ActionResource> Actions);
