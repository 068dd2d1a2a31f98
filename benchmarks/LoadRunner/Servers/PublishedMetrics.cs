using System.Globalization;
using OpenClaw.Benchmarks.LoadRunner.Http;

namespace OpenClaw.Benchmarks.LoadRunner.Servers;

/// <summary>What our server publishes at <c>/metrics</c>.</summary>
internal static class PublishedMetrics
{
    /// <summary>The sum over all labels of the metric whose name begins with <paramref name="name"/>; NaN when there is none.</summary>
    public static double Read(Target target, string name)
    {
        var client = new ApiClient(target);
        using var connection = client.Connect();
        if (connection.Send(client.Get("/metrics")) != 200)
            return double.NaN;
        var values = connection.ReadText().Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Select(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture))
            .ToArray();
        return values.Length == 0 ? double.NaN : values.Sum();
    }
}
