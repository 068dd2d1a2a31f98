using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Approvals;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>The bodies of session and message requests, with their limits.</summary>
internal static class SessionRequests
{
    public const int MaxContentBytes = 1024 * 1024;
    public const int MaxAttachments = 20;
    public const int MaxPathChars = 4096;
    public const int MaxTitleChars = 200;
    public const int MaxModelChars = 200;
    public const int MaxSystemPromptBytes = 64 * 1024;
    public const int MaxContextBytes = 64 * 1024;

    private const string AttachmentType = "file";

    public static CreateSession ReadCreate(JsonFields fields) => new()
    {
        Model = ReadModel(fields),
        Context = fields.Object("context", MaxContextBytes) ?? default,
        Title = fields.Text("title", maxChars: MaxTitleChars),
        SystemPrompt = fields.Text("systemPrompt", maxBytes: MaxSystemPromptBytes),
        Overlap = fields.Choice<OverlapRule>("overlap"),
        ToolPolicy = ApprovalRequests.ReadPolicy(fields),
    };

    public static UpdateSession ReadUpdate(JsonFields fields) => new()
    {
        Model = ReadModel(fields),
        Context = fields.Object("context", MaxContextBytes),
        Title = fields.Text("title", maxChars: MaxTitleChars),
        ToolPolicy = ApprovalRequests.ReadPolicy(fields),
    };

    public static MessageRequest ReadMessage(JsonFields fields) => new(
        fields.Text("content", maxBytes: MaxContentBytes, required: true, allowNul: true) ?? "",
        ReadAttachments(fields),
        fields.Choice<OverlapRule>("overlap"));

    private static string? ReadModel(JsonFields fields)
    {
        var model = fields.Text("model", maxChars: MaxModelChars);
        if (model is not null && string.IsNullOrWhiteSpace(model))
            fields.Refuse("model", Reasons.Empty);
        return model;
    }

    private static List<Attachment> ReadAttachments(JsonFields fields)
    {
        var items = fields.Objects("attachments", MaxAttachments);
        if (items.Count == 0)
            return [];
        var attachments = new List<Attachment>(items.Count);
        foreach (var item in items)
        {
            var type = item.Text("type", required: true);
            if (type is not null and not AttachmentType)
                item.Refuse("type", RequestReasons.OneOf(AttachmentType));
            var path = item.Text("path", maxChars: MaxPathChars, required: true);
            if (path is not null && !path.StartsWith('/'))
                item.Refuse("path", Reasons.AbsolutePath);
            fields.Adopt(item);
            if (item.Problem is not null)
                break;
            attachments.Add(new Attachment(type!, path!));
        }

        return attachments;
    }
}

/// <summary>A message as its sender wrote it.</summary>
internal sealed record MessageRequest(string Content, IReadOnlyList<Attachment> Attachments, OverlapRule? Overlap)
{
    /// <summary>The message as its session takes it from <paramref name="sender"/>.</summary>
    public SendMessage ToCommand(Caller sender, string? deliveryId, IdempotencyKey? idempotency = null) => new()
    {
        Content = Content,
        Attachments = Attachments,
        Overlap = Overlap,
        Scopes = sender.Scopes,
        KeyId = sender.KeyId,
        DeliveryId = deliveryId,
        Idempotency = idempotency,
    };
}
