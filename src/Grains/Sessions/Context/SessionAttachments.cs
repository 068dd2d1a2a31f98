using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Microsoft.Extensions.AI;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Grains.Sessions.Turns;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Sessions.Context;

/// <summary>Files that messages bring along: looked for when a message is accepted, read when its turn asks the model.</summary>
internal sealed class SessionAttachments(IGrainFactory grains)
{
    /// <summary>Of a text, in bytes: the model reads the rest with a tool.</summary>
    private const int MaxTextBytes = 256 * 1024;

    /// <summary>Of an image, in bytes: what Anthropic takes, the least of the providers' limits.</summary>
    private const int MaxImageBytes = 5 * 1024 * 1024;

    /// <summary>The first attachment that is no file of the workspace, by its JSON path; null when all are.</summary>
    public async ValueTask<Problem?> FindProblemAsync(TenantId tenant, IReadOnlyList<Attachment> attachments, CancellationToken cancellationToken)
    {
        for (var i = 0; i < attachments.Count; i++)
        {
            var found = await Workspace(tenant).Find(attachments[i].Path, cancellationToken);
            var field = string.Create(CultureInfo.InvariantCulture, $"attachments[{i}].path");
            if (found.Problem is { } problem)
                // Whatever is wrong with the path, it is the message that cannot be taken as it is.
                return problem.Status < 500 ? Problem.Invalid(field, problem.Reason!) : problem;
            if (found.Entry!.IsDirectory) return Problem.Invalid(field, AttachmentReasons.Directory);
        }

        return null;
    }

    /// <summary>Reads what the turn's messages have attached, once for the turn.</summary>
    /// <param name="tenant">Whose files.</param>
    /// <param name="progress">The turn.</param>
    /// <param name="contextTokens">The model's window, which texts fill to half at most.</param>
    /// <param name="cancellationToken">Cancelled with the turn.</param>
    public async ValueTask LoadAsync(TenantId tenant, TurnProgress progress, int contextTokens, CancellationToken cancellationToken)
    {
        foreach (var question in progress.Parts.OfType<QuestionPart>())
        {
            if (question.Attached is not null || question.Message.Attachments is not { Count: > 0 } attachments) continue;
            // Two bytes are a token at the worst.
            var most = Math.Min(MaxTextBytes, contextTokens / attachments.Count);
            var contents = new List<AIContent>();
            foreach (var attachment in attachments) contents.AddRange(await ReadAsync(tenant, attachment, most, cancellationToken));
            question.Attached = contents;
        }
    }

    private async Task<IEnumerable<AIContent>> ReadAsync(TenantId tenant, AttachmentState attachment, int most, CancellationToken cancellationToken)
    {
        var read = await Workspace(tenant).Read(new ReadFile { Path = attachment.Path, Length = MaxImageBytes }, cancellationToken);
        if (read.Problem is not null) return [new TextContent($"(The attached file {attachment.Path} cannot be read any more.)")];
        if (ImageTypes.Of(read.Content) is { } mediaType)
        {
            return read.File!.Size <= MaxImageBytes
                ? [new DataContent(read.Content, mediaType) { Name = attachment.Path }]
                : [new TextContent($"(The attached image {attachment.Path} has {read.File.Size} bytes: too many to be shown.)")];
        }

        return [new TextContent(Tell(attachment.Path, read, most))];
    }

    private static string Tell(string path, FileRead read, int most)
    {
        var text = WholeCharacters.Of(read.Content.AsSpan(0, Math.Min(most, read.Content.Length)));
        if (!Utf8.IsValid(text) || text.Contains((byte)0)) return $"(The attached file {path} is a binary file of {read.File!.Size} bytes.)";
        var size = read.File!.Size;
        var what = text.Length < size
            ? string.Create(CultureInfo.InvariantCulture, $"Content of the attached file {path}, the first {text.Length} of {size} bytes")
            : $"Content of the attached file {path}";
        return UntrustedText.Fence(what, Encoding.UTF8.GetString(text));
    }

    private IWorkspaceGrain Workspace(TenantId tenant) => grains.GetWorkspace(new WorkspaceKey(tenant));
}

internal static class AttachmentReasons
{
    public static LocalizedText Directory { get; } = new("is a directory; attach the files in it", "是目录,请附上其中的文件");
}
