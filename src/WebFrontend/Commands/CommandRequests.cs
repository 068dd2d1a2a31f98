using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Commands;

/// <summary>The bodies of command requests; limits are the grain's.</summary>
internal static class CommandRequests
{
    public static StartCommand ReadStart(JsonFields fields) => new()
    {
        Command = fields.Text("command", required: true, allowNul: true) ?? "",
        Directory = fields.Text("cwd", allowNul: true) ?? "/",
        Timeout = (int?)fields.Integer("timeout", 1, StartCommand.MaxTimeout) ?? StartCommand.DefaultTimeout,
        Background = fields.Boolean("background") ?? false,
    };
}
