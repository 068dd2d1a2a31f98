using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tools;

/// <summary><c>time_now</c>: the current time, in UTC or in a time zone of the IANA database.</summary>
internal sealed partial class TimeNowTool(TimeProvider time) : ITool
{
    public const string ToolName = "time_now";

    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": {
            "timezone": {
              "type": "string",
              "description": "IANA time zone such as Asia/Shanghai. UTC when left out.",
              "maxLength": 64
            }
          },
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Tells the current date and time.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.None;

    public bool IsIdempotent => true;

    public Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var name = arguments.TryGetProperty("timezone", out var value) ? value.GetString()! : "";
        var zone = TimeZoneInfo.Utc;
        if (name.Length > 0 && !(ZoneName().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!)))
        {
            return Task.FromResult(ToolResult.Failure(
                $"There is no time zone named '{name}'. Use an IANA name such as Asia/Shanghai or Europe/Berlin."));
        }

        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);
        var text = now.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        return Task.FromResult(ToolResult.Success($"{text} ({now.DayOfWeek}, {(name.Length > 0 ? name : "UTC")})"));
    }

    /// <summary>Zones are files by that name: nothing else may reach the file system.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneName();
}
