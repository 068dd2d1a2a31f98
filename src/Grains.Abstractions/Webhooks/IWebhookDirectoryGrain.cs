namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>A tenant's list of webhooks. A stateless worker; key: <see cref="WebhookDirectoryKey"/>.</summary>
[Alias("OpenClaw.IWebhookDirectoryGrain")]
public interface IWebhookDirectoryGrain : IGrainWithStringKey
{
    /// <summary>By creation, the newest first.</summary>
    /// <remarks>An unreadable cursor gives a result with <c>Problem</c>.</remarks>
    [Alias("List"), Repeatable]
    Task<WebhookPage> List(int limit, string? cursor, CancellationToken cancellationToken);
}
