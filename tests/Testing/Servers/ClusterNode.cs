using System.Globalization;
using System.Text.RegularExpressions;
using OpenClaw.Testing.Http;

namespace OpenClaw.Testing.Servers;

/// <summary>A silo or a front-end of a <see cref="ClusterProcesses"/>.</summary>
/// <param name="name">Such as <c>silo-1</c>.</param>
/// <param name="process">Kills, stops and starts it. A silo's address serves health and metrics alone.</param>
public sealed partial class ClusterNode(string name, ProductProcess process)
{
    public string Name { get; } = name;

    public ProductProcess Process { get; } = process;

    /// <summary>A client of this front-end; a null key sends none.</summary>
    public ApiClient CreateClient(string? apiKey) => new(Process.BaseAddress, apiKey);

    /// <summary>Turns that this silo runs now, as its metrics tell.</summary>
    public async Task<int> CountRunningTurnsAsync(CancellationToken cancellationToken)
    {
        using var client = CreateClient(null);
        var metrics = SessionCalls.Require(await client.GetAsync("/metrics", cancellationToken), 200).Body;
        return RunningTurns().Match(metrics) is { Success: true } match
            ? (int)double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : 0;
    }

    public override string ToString() => Name;

    [GeneratedRegex(@"^\w*turns_running\S* (\S+)", RegexOptions.Multiline)]
    private static partial Regex RunningTurns();
}
