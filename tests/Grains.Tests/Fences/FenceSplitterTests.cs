using OpenClaw.Grains.Sessions.Fences;

namespace OpenClaw.Grains.Tests.Fences;

public sealed class FenceSplitterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("你好,世界", "T[你好,世界]")]
    [InlineData("a\n\nb\n", "T[a\n\nb\n]")]
    [InlineData("看:\n```js\nconsole.log('Hello')\n```\n完", "T[看:\n] C(js)[console.log('Hello')] T[\n完]")]
    [InlineData("```\na\n```", "C()[a]")]
    [InlineData("```\na\n```\n", "C()[a] T[\n]")]
    [InlineData("```\r\na\r\nb\r\n```\r\nc", "C()[a\r\nb] T[\r\nc]")]
    [InlineData("```\ra\rb\r```\rc", "C()[a\rb] T[\rc]")]
    [InlineData("~~~ python title=\"a\"\nx\n~~~", "C(python)[x]")]
    [InlineData("~~~ a`b\nx\n~~~", "C(a`b)[x]")]
    [InlineData("```  c++  x\nx\n```", "C(c++)[x]")]
    [InlineData("````md\n```js\nx\n```\n````\nend", "C(md)[```js\nx\n```] T[\nend]")]
    [InlineData("```\nx\n`````\nend", "C()[x] T[\nend]")]
    [InlineData("```\nx\n~~~\ny\n```", "C()[x\n~~~\ny]")]
    [InlineData("```\nx\n``` y\nz\n```", "C()[x\n``` y\nz]")]
    [InlineData("```\nx\n```  \t\nend", "C()[x] T[\nend]")]
    [InlineData("```py\nx\ny", "C(py)[x\ny]")]
    [InlineData("```py\nx\n", "C(py)[x\n]")]
    [InlineData("```py\nx\n``", "C(py)[x\n``]")]
    [InlineData("```py", "")]
    [InlineData("``", "T[``]")]
    [InlineData("```\n```", "")]
    [InlineData("```\n\n```", "")]
    [InlineData("```\n\n\n```", "C()[\n]")]
    [InlineData("```\na\n```\n```\nb\n```", "C()[a] T[\n] C()[b]")]
    [InlineData("a ```js\nb\n```\nc", "T[a ```js\nb\n] C()[c]")]
    [InlineData("```a``` b\nc", "T[```a``` b\nc]")]
    [InlineData("~~gone~~ b", "T[~~gone~~ b]")]
    [InlineData("   ```js\n   if\n     x\n y\n   ```\nz", "C(js)[if\n  x\ny] T[\nz]")]
    [InlineData("    ```js\n    x\n    ```", "T[    ```js\n    x\n    ```]")]
    [InlineData("```\nx\n    ```\ny\n```", "C()[x\n    ```\ny]")]
    [InlineData("\t```\nx", "T[\t```\nx]")]
    [InlineData("1. run\n\n   ```sh\n   ls\n   ```\n2. done", "T[1. run\n\n] C(sh)[ls] T[\n2. done]")]
    [InlineData("10. run\n\n    ```sh\n    ls\n    ```\n", "T[10. run\n\n] C(sh)[ls] T[\n]")]
    [InlineData("- a\n  - b\n    ```sh\n    ls\n    ```\n", "T[- a\n  - b\n] C(sh)[ls] T[\n]")]
    [InlineData("- ```sh\n  ls\n  ```\n- b", "T[- ] C(sh)[ls] T[\n- b]")]
    [InlineData("1. a\n\t```sh\n\tls\n\t```\n", "T[1. a\n] C(sh)[ls] T[\n]")]
    [InlineData("- ```sh\nls\n```\nb", "T[- ] C(sh)[ls] T[\nb]")]
    [InlineData("- a\n\nb\n\n    ```\n", "T[- a\n\nb\n\n    ```\n]")]
    [InlineData("> ```\n> x\n> ```\n", "T[> ```\n> x\n> ```\n]")]
    [InlineData("---\n***\n2024\n", "T[---\n***\n2024\n]")]
    [InlineData("a\n  \n```\n  \n```", "T[a\n  \n] C()[  ]")]
    public void A_document_splits_into_prose_and_code(string document, string expected)
    {
        Assert.Equal(expected, Show(PieceRecorder.Split(document)));
    }

    [Theory]
    [InlineData("你好", "T[你好]")]
    [InlineData("line\n", "T[line\n]")]
    [InlineData("- item", "T[- item]")]
    [InlineData("- ", "T[- ]")]
    [InlineData("2024", "T[2024]")]
    [InlineData("a `b` ```c", "T[a `b` ```c]")]
    [InlineData("    x", "T[    x]")]
    [InlineData("    ", "T[    ]")]
    [InlineData("a\n``", "T[a\n]")]
    [InlineData("  ", "")]
    [InlineData("```js", "")]
    [InlineData("```js`", "T[```js`]")]
    [InlineData("```js\nlet x", "C(js)[let x]")]
    [InlineData("```js\nlet x;\n", "C(js)[let x;]")]
    [InlineData("```js\nlet x;\n``", "C(js)[let x;]")]
    [InlineData("```js\nlet x;\n```\n", "C(js)[let x;] T[\n]")]
    public void What_a_chunk_decides_is_given_out_with_it(string chunk, string expected)
    {
        var recorder = new PieceRecorder();
        new FenceSplitter().Push(chunk, recorder);
        Assert.Equal(expected, Show(recorder.Pieces));
    }

    [Fact]
    public void A_chunk_within_a_line_is_one_piece_and_the_same_string()
    {
        var recorder = new PieceRecorder();
        var splitter = new FenceSplitter();
        string[] chunks = ["我来", "帮你 ", "`x`", "写\n", "```js\n", "let ", "a = 1", ";"];
        foreach (var chunk in chunks)
        {
            splitter.Push(chunk, recorder);
        }

        Assert.Equal("T[我来] T[帮你 ] T[`x`] T[写\n] C(js)[let ] C(js)[a = 1] C(js)[;]", Show(recorder.Pieces));
        Assert.Same(chunks[0], recorder.Pieces[0].Content);
        Assert.Same(chunks[1], recorder.Pieces[1].Content);
        Assert.Same(chunks[6], recorder.Pieces[5].Content);
    }

    [Fact]
    public void A_surrogate_pair_is_never_cut()
    {
        var recorder = new PieceRecorder();
        var splitter = new FenceSplitter();
        splitter.Push("a\ud83d", recorder);
        splitter.Push("\ude00b", recorder);
        Assert.Equal("T[a] T[\ud83d\ude00b]", Show(recorder.Pieces));
    }

    [Fact]
    public void A_lone_surrogate_is_not_lost()
    {
        var recorder = new PieceRecorder();
        var splitter = new FenceSplitter();
        splitter.Push("\ud83d", recorder);
        splitter.Flush(recorder);
        Assert.Equal("T[\ud83d]", Show(recorder.Pieces));
    }

    [Fact]
    public void A_flushed_splitter_starts_a_new_document()
    {
        var recorder = new PieceRecorder();
        var splitter = new FenceSplitter();
        splitter.Push("- a\n    ```js\nx\n\r", recorder);
        splitter.Flush(recorder);
        recorder.Pieces.Clear();
        splitter.Push("\n    ```\nplain", recorder);
        splitter.Flush(recorder);
        Assert.Equal("T[\n    ```\nplain]", Show(recorder.Joined()));
    }

    private static string Show(IEnumerable<FencePiece> pieces) =>
        string.Join(' ', pieces.Select(piece => piece.IsCode ? $"C({piece.Language})[{piece.Content}]" : $"T[{piece.Content}]"));
}
