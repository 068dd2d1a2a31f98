using System.Text;
using CsCheck;
using OpenClaw.Grains.Sessions.Fences;

namespace OpenClaw.Grains.Tests.Fences;

public sealed class FenceSplitterPropertyTests
{
    private const long Iterations = 20_000;

    private static readonly Gen<string> Bit = Gen.OneOf(
        "`", "``", "```", "````", "~", "~~~", "~~~~", " ", "  ", "   ", "\n", "\n", "\r\n", "\r", "- ", "1. ", "10)", "+", "*",
        "js", "c# x", "a", "b c", "中文", "\ud83d\ude00", "\ud83d", "\ude00", ">", "0123456789. ", "-");

    private static readonly Gen<string> Document = Bit.Array[0, 40].Select(string.Concat);

    private static readonly Gen<int[]> Cuts = Gen.Int[1, 6].Array[1, 20];

    private static readonly Gen<string> CodeLine = Gen.OneOf("", "x", "  y = 1", "``", "```", "~~~", "# 注释", "- z");

    private static readonly Gen<string> ProseLine = Gen.OneOf("", "好的,如下:", "a `b` c", "- item", "1. first", "~~no~~", "> quote");

    [Fact]
    public void Splits_as_lines_and_patterns_do() =>
        Document.Sample(
            document => LineByLineSplitter.Split(document).SequenceEqual(PieceRecorder.Split(document)),
            iter: Iterations,
            print: Escape);

    [Fact]
    public void Any_chunks_give_what_the_whole_text_gives() =>
        Gen.Select(Document, Cuts).Sample(
            (document, cuts) =>
            {
                var recorder = new PieceRecorder();
                var splitter = new FenceSplitter();
                foreach (var chunk in Chunks(document, cuts))
                {
                    splitter.Push(chunk, recorder);
                }

                splitter.Flush(recorder);
                return recorder.Pieces.All(piece => piece.Content.Length > 0)
                    && recorder.Joined().SequenceEqual(PieceRecorder.Split(document));
            },
            iter: Iterations,
            print: sample => Escape(sample.Item1));

    [Fact]
    public void No_piece_ends_within_a_surrogate_pair() =>
        Gen.Select(Gen.OneOf("\ud83d\ude00", "a", "\n", "```").Array[0, 30].Select(string.Concat), Cuts).Sample(
            (document, cuts) =>
            {
                var recorder = new PieceRecorder();
                var splitter = new FenceSplitter();
                foreach (var chunk in Chunks(document, cuts))
                {
                    splitter.Push(chunk, recorder);
                }

                splitter.Flush(recorder);
                return recorder.Pieces.All(piece => !char.IsHighSurrogate(piece.Content[^1]) && !char.IsLowSurrogate(piece.Content[0]));
            },
            iter: Iterations);

    [Fact]
    public void Text_and_code_make_the_document_again()
    {
        var block = Gen.Select(CodeLine.Array[1, 5], Gen.OneOf<string?>(null, "js", "python"))
            .Where((lines, _) => lines.Length > 1 || lines[0].Length > 0)
            .Select((lines, language) => new FencePiece(true, string.Join('\n', lines), language));
        var prose = ProseLine.Array[0, 4]
            .Select(lines => new FencePiece(false, "\n" + string.Concat(lines.Select(line => line + "\n")), null));
        Gen.Select(prose, block).Array[0, 5].Sample(
            pairs =>
            {
                var pieces = pairs.SelectMany(pair => new[] { pair.Item1, pair.Item2 }).ToArray();
                var document = string.Concat(pieces.Select(piece => piece.IsCode ? $"`````{piece.Language}\n{piece.Content}\n`````" : piece.Content));
                return PieceRecorder.Split(document).SequenceEqual(pieces);
            },
            iter: Iterations);
    }

    private static IEnumerable<string> Chunks(string document, int[] cuts)
    {
        var at = 0;
        for (var i = 0; at < document.Length; i++)
        {
            var length = Math.Min(cuts[i % cuts.Length], document.Length - at);
            yield return document.Substring(at, length);
            at += length;
        }
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            escaped.Append(c is < ' ' or > '~' ? $"\\u{(int)c:x4}" : c.ToString());
        }

        return escaped.ToString();
    }
}
