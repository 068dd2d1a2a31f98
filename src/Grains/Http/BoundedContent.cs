namespace OpenClaw.Grains.Http;

/// <summary>Answers of servers that may send more than is wanted.</summary>
internal static class BoundedContent
{
    private const int BufferBytes = 16 * 1024;

    /// <summary>All of an answer, counted as it comes; null when it is larger, of which no more is read than that.</summary>
    /// <exception cref="IOException">It was broken off.</exception>
    /// <exception cref="InvalidDataException">It is not compressed as its headers say.</exception>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var whole = new MemoryStream();
        var buffer = new byte[BufferBytes];
        while (await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            if (whole.Length + count > most) return null;
            whole.Write(buffer, 0, count);
        }

        return whole.ToArray();
    }
}
