using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace OpenClaw.WebFrontend.Tests.Hosting;

/// <summary>A whole HTTP answer, read.</summary>
internal sealed class Answer
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    public int Status { get; private init; }

    public string Text { get; private init; } = "";

    public JsonNode Json => JsonNode.Parse(Text)!;

    public JsonNode Error => Json["error"]!;

    public string? this[string header] => _headers.GetValueOrDefault(header);

    /// <summary>An answer as it stood on the socket: what follows the head is its body.</summary>
    public static Answer Parse(string raw)
    {
        var end = raw.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = raw[..end].Split("\r\n");
        var answer = new Answer { Status = int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture), Text = raw[(end + 4)..] };
        foreach (var line in head[1..])
            answer._headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        return answer;
    }

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var answer = new Answer
            {
                Status = (int)response.StatusCode,
                Text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync()),
            };
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
                answer._headers[name] = string.Join(", ", values);
            return answer;
        }
    }
}
