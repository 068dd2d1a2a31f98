using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Commands.Tools;

/// <summary><c>commands_run</c>: a shell command in the tenant's sandbox. Not run again after a crash: nobody knows what it did.</summary>
internal sealed class CommandsRunTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "commands_run";

    private static readonly JsonElement Schema = JsonElement.Parse(
        $$"""
        {
          "type": "object",
          "properties": {
            "command": { "type": "string", "description": "For /bin/bash -c. The workspace is at /workspace, and /Documents and the like lead into it; there is no network.", "minLength": 1, "maxLength": 100000 },
            "cwd": { "type": "string", "description": "Absolute path of a directory in the workspace, where it begins; / when left out.", "maxLength": 4096 },
            "timeout": { "type": "integer", "description": "Milliseconds after which it is killed; {{StartCommand.DefaultTimeout}} when left out.", "minimum": 1, "maximum": {{StartCommand.MaxTimeout}} }
          },
          "required": ["command"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Runs a shell command in a sandbox that sees the workspace and nothing else, and tells what it wrote and its exit code.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Execute;

    public bool IsIdempotent => false;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var text = arguments.GetProperty("command").GetString()!;
        var command = grains.GetCommand(new CommandKey(context.Session.Tenant, $"cmd-{Guid.NewGuid():n}"));
        var start = new StartCommand
        {
            Command = text,
            SeesSkills = true,
            Directory = arguments.TryGetProperty("cwd", out var cwd) ? cwd.GetString()! : "/",
            Timeout = arguments.TryGetProperty("timeout", out var timeout) ? (int)timeout.GetDouble() : StartCommand.DefaultTimeout,
        };
        var actions = new[] { ToolActions.Of(ToolActions.CommandExecuted, "command", text) };
        try
        {
            if (await command.Start(start, cancellationToken) is { } problem) return ToolResult.Refused(problem);
            var (output, errors) = (new StringBuilder(), new StringBuilder());
            for (var after = 0; ;)
            {
                if (await command.Read(after, cancellationToken) is not { } read)
                    return new ToolResult(false, "The server that ran the command has stopped, and the command with it.", actions);
                foreach (var piece in read.Pieces) (piece.IsError ? errors : output).Append(piece.Text);
                after = read.Through;
                if (read.Exit is { } exit) return new ToolResult(exit.ExitCode == 0, Tell(output.ToString(), errors.ToString(), exit), actions);
            }
        }
        finally
        {
            // What nobody waits for any more has no reason to go on; what has ended takes no harm.
            if (cancellationToken.IsCancellationRequested) await command.Kill(CancellationToken.None);
        }
    }

    private static string Tell(string output, string errors, CommandExit exit)
    {
        var told = new StringBuilder();
        told.Append(CultureInfo.InvariantCulture, $"Exit code {exit.ExitCode} after {exit.DurationMilliseconds} ms");
        if (exit.TimedOut) told.Append(", killed because its time was over");
        if (exit.Killed is { } reason) told.Append(", killed by the server: ").Append(reason);
        if (exit.Truncated) told.Append(", output beyond 1 MiB left out");
        told.Append(".\n");
        if (output.Length > 0) told.Append(UntrustedText.Fence("What it wrote to its standard output", output.TrimEnd())).Append('\n');
        if (errors.Length > 0) told.Append(UntrustedText.Fence("What it wrote to its standard error", errors.TrimEnd())).Append('\n');
        return told.ToString().TrimEnd();
    }
}
