using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>
/// What a tool answered at greater length than a model is shown: all of it goes to the workspace, the model gets its
/// beginning, its end and the path.
/// </summary>
internal sealed class ToolOutputs(IGrainFactory grains)
{
    private const string Directory = "/.openclaw/outputs";

    /// <param name="call">The call; the same call keeps its output at the same path.</param>
    /// <param name="content">What the tool answered.</param>
    /// <param name="limit">Characters that the model is shown of it, about.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    public async Task<string> ShortenAsync(ToolCallContext call, string content, int limit, CancellationToken cancellationToken)
    {
        if (content.Length <= limit) return content;
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(call.IdempotencyKey)).AsSpan(0, 6));
        var path = $"{Directory}/{call.TurnId}-{name}.txt";
        var written = await grains.GetWorkspace(new WorkspaceKey(call.Session.Tenant)).Write(
            new WriteFile { Path = path, Content = Encoding.UTF8.GetBytes(content) }, cancellationToken);
        var left = content.Length - limit;
        var note = written.Problem is null
            ? string.Create(CultureInfo.InvariantCulture, $"\n[... {left} characters left out; all of it is in {path}, to be read with files_read ...]\n")
            : string.Create(CultureInfo.InvariantCulture, $"\n[... {left} characters left out; they could not be kept: {written.Problem.Reason?.English} ...]\n");
        return string.Concat(WholeCharacters.Of(content.AsSpan(), limit / 2), note, Tail(content, limit / 2));
    }

    /// <summary>Half of a surrogate pair is no text.</summary>
    private static ReadOnlySpan<char> Tail(string text, int length) =>
        text.AsSpan(text.Length - (char.IsLowSurrogate(text[^length]) ? length - 1 : length));
}
