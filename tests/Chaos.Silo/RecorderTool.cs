using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Chaos.Silo;

/// <summary>
/// <c>record</c>: writes down that it was called. Not idempotent, so a call that a crash cut must not be made again.
/// </summary>
/// <remarks>
/// Each process appends to a file of its own in the directory of the setting <c>Recorder:Directory</c>, a line of the
/// word and the call's key in one write: the kernel keeps it whatever happens to the process.
/// </remarks>
internal sealed class RecorderTool : ITool, IDisposable
{
    /// <summary>A fault in this time falls between the effect and its result.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;
    private readonly TimeProvider _time;

    public RecorderTool(IConfiguration configuration, TimeProvider time)
    {
        var directory = configuration["Recorder:Directory"]
            ?? throw new InvalidOperationException("Set Recorder:Directory to where the tool writes its records.");
        Directory.CreateDirectory(directory);
        _file = new FileStream(
            Path.Combine(directory, $"{Guid.NewGuid():N}.tsv"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _time = time;
    }

    public string Name => "record";

    public string Description => "Records a word.";

    public JsonElement Parameters { get; } = JsonElement.Parse(
        """{"type":"object","properties":{"word":{"type":"string"}},"required":["word"]}"""u8);

    public Scopes RequiredScopes => Scopes.Execute;

    public bool IsIdempotent => false;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var word = arguments.GetProperty("word").GetString()!;
        var line = Encoding.UTF8.GetBytes($"{word}\t{context.Session}\t{context.IdempotencyKey}\n");
        lock (_file)
            _file.Write(line);
        await Task.Delay(Pause, _time, cancellationToken);
        return ToolResult.Success($"recorded {word}");
    }

    public void Dispose() => _file.Dispose();
}
