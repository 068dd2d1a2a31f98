using System.Text;

namespace OpenClaw.Testing.Http;

/// <summary>Reads server-sent events as they come in (WHATWG HTML, section 9.2). Comments are given too.</summary>
public sealed class SseReader(Stream stream) : IDisposable
{
    private readonly StreamReader _reader = new(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));

    /// <summary>The next event or comment, or null at the end of the stream. What an end cuts off is not given.</summary>
    public async Task<SseEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        string? id = null;
        string? name = null;
        List<string>? data = null;
        while (await _reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                if (id is not null || name is not null || data is not null)
                    return new SseEvent(id, name, data is null ? null : string.Join('\n', data), null);
                continue;
            }

            if (line[0] == ':')
                return new SseEvent(null, null, null, line[1..].TrimStart(' '));

            var (field, value) = Split(line);
            switch (field)
            {
                case "id":
                    id = value;
                    break;
                case "event":
                    name = value;
                    break;
                case "data":
                    (data ??= []).Add(value);
                    break;
                case "retry":
                    break;
                default:
                    throw new InvalidDataException($"'{line}' is not a line of server-sent events.");
            }
        }

        return null;
    }

    public void Dispose() => _reader.Dispose();

    private static (string Field, string Value) Split(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return (line, "");
        var value = line[(colon + 1)..];
        return (line[..colon], value.StartsWith(' ') ? value[1..] : value);
    }
}
