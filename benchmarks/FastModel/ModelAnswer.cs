using System.Text;

namespace OpenClaw.Benchmarks.FastModel;

/// <summary>The bytes of a profile's answers, encoded once.</summary>
internal sealed class ModelAnswer
{
    private const string ChunkHead = """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"fast",""";
    private const string TextHead = "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"";
    private const string TextTail = "\"},\"finish_reason\":null}]}";
    private static readonly string[] Words = ["The ", "quick ", "brown ", "fox ", "jumps ", "over ", "the ", "lazy ", "dog. "];

    public ModelAnswer(ModelProfile profile)
    {
        Profile = profile;
        var usage = $$"""
            "usage":{"prompt_tokens":10,"completion_tokens":{{profile.Tokens}},"total_tokens":{{profile.Tokens + 10}}}
            """;
        Role = Encode(ChunkHead + """
            "choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
            """);
        Chunks = [.. Enumerable.Range(0, profile.Tokens).Select(i => Encode(Chunk(Words[i % Words.Length])))];
        var stop = ChunkHead + """
            "choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}
            """;
        var total = ChunkHead + "\"choices\":[]," + usage + "}";
        End = [.. Encode(stop), .. Encode("data: [DONE]")];
        EndWithUsage = [.. Encode(stop), .. Encode(total), .. Encode("data: [DONE]")];
        byte[] text = [.. Role, .. Chunks.SelectMany(chunk => chunk)];
        Whole = [.. text, .. End];
        WholeWithUsage = [.. text, .. EndWithUsage];
        Completion = Encoding.UTF8.GetBytes($$"""
            {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"fast","choices":[{"index":0,"message":{"role":"assistant","content":"{{Text(profile.Tokens)}}"},"finish_reason":"stop"}],{{usage}}}
            """);

        static byte[] Encode(string line) => Encoding.UTF8.GetBytes(line + "\n\n");
    }

    public ModelProfile Profile { get; }

    /// <summary>The chunk that opens the stream.</summary>
    public byte[] Role { get; }

    public byte[][] Chunks { get; }

    /// <summary>What closes the stream.</summary>
    public byte[] End { get; }

    public byte[] EndWithUsage { get; }

    /// <summary>The whole stream, for an answer that is sent at once.</summary>
    public byte[] Whole { get; }

    public byte[] WholeWithUsage { get; }

    /// <summary>The answer without streaming.</summary>
    public byte[] Completion { get; }

    /// <summary>What stands before a chunk's text, where the text is made when the chunk is sent.</summary>
    public static byte[] BeforeText { get; } = Encoding.UTF8.GetBytes(ChunkHead + TextHead);

    /// <summary>What stands after it.</summary>
    public static byte[] AfterText { get; } = Encoding.UTF8.GetBytes(TextTail + "\n\n");

    private static string Chunk(string text) => ChunkHead + TextHead + text + TextTail;

    private static string Text(int tokens) =>
        string.Concat(Enumerable.Range(0, tokens).Select(i => Words[i % Words.Length]));
}
