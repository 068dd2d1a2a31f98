using OpenClaw.Grains.Sessions.Fences;

namespace OpenClaw.Grains.Tests.Fences;

/// <summary>Keeps every piece as it was given out, and can join them into runs.</summary>
internal sealed class PieceRecorder : IFenceSink
{
    public List<FencePiece> Pieces { get; } = [];

    /// <summary>The pieces of a whole document, one for each run of prose and each block.</summary>
    public static IReadOnlyList<FencePiece> Split(string document)
    {
        var recorder = new PieceRecorder();
        var splitter = new FenceSplitter();
        splitter.Push(document, recorder);
        splitter.Flush(recorder);
        return recorder.Joined();
    }

    public void Text(string content) => Pieces.Add(new FencePiece(false, content, null));

    public void Code(string content, string? language) => Pieces.Add(new FencePiece(true, content, language));

    public IReadOnlyList<FencePiece> Joined()
    {
        var joined = new List<FencePiece>();
        foreach (var piece in Pieces)
        {
            if (joined.Count > 0 && joined[^1].IsCode == piece.IsCode && joined[^1].Language == piece.Language)
            {
                joined[^1] = joined[^1] with { Content = joined[^1].Content + piece.Content };
            }
            else
            {
                joined.Add(piece);
            }
        }

        return joined;
    }
}
