using CsCheck;
using OpenClaw.Grains.Memory.Search;

namespace OpenClaw.Grains.Tests.Memory;

public sealed class TextTokenizerTests
{
    private static string Cut(string text)
    {
        var terms = new List<string>();
        TextTokenizer.Tokenize(text, (term, _) => terms.Add(term));
        return string.Join(' ', terms);
    }

    [Theory]
    [InlineData("The quick-brown_fox, 3 times!", "the quick brown fox 3 time")]
    [InlineData("getUserName2", "getusername2 get user name 2")]
    [InlineData("HTTPServer", "httpserver http server")]
    [InlineData("src/Grains/Memory.cs", "src grain memory cs")]
    [InlineData("v2.4 of 2026-11-26", "v2 v 2 4 of 2026 11 26")]
    [InlineData("preferences companies glass bus", "preference company glass bus")]
    [InlineData("Café NAÏVE", "cafe naive")]
    public void Words_numbers_camel_case_and_paths_are_split_and_folded(string text, string terms) => Assert.Equal(terms, Cut(text));

    [Theory]
    [InlineData("会议记录", "会 议 会议 记 议记 录 记录")]
    [InlineData("会", "会")]
    [InlineData("カード、です", "カ ー カー ド ード で す です")]
    [InlineData("한국", "한 국 한국")]
    [InlineData("部署deploy到server", "部 署 部署 deploy 到 server")]
    public void Characters_without_spaces_between_words_come_alone_and_in_pairs(string text, string terms) => Assert.Equal(terms, Cut(text));

    [Theory]
    [InlineData("ＡＢＣ１２３", "abc123 abc 123")]
    [InlineData("ｶﾀｶﾅ", "カ タ カタ カ タカ ナ カナ")]
    [InlineData("ﾊﾟｿｺﾝ", "パ ソ パソ コ ソコ ン コン")]
    [InlineData("か\u3099", "が")]
    [InlineData("cafe\u0301　ok", "cafe ok")]
    public void Width_is_folded(string text, string terms) => Assert.Equal(terms, Cut(text));

    [Theory]
    [InlineData("party 🎉🎂!", "party 🎉 🎂")]
    [InlineData("👩‍💻", "👩 💻")]
    [InlineData("\ud83d lone", "lone")]
    [InlineData("\0\u0001\u2028", "")]
    [InlineData("\"a\" OR NEAR(b*) -c : ^d", "a or near b c d")]
    public void What_is_no_word_is_a_space_and_an_emoji_a_term(string text, string terms) => Assert.Equal(terms, Cut(text));

    [Fact]
    public void No_term_is_empty_too_long_or_holds_what_an_index_takes_for_syntax() => Gen.String.Sample(text =>
        TextTokenizer.Tokenize(text, (term, _) =>
        {
            Assert.InRange(term.Length, 1, TextTokenizer.MaxTermLength);
            Assert.DoesNotContain(term, character => character is ' ' or '"' or '\'' or '\\' or '|' or '~' or '=' or '!' or '@' || char.IsControl(character) || char.IsWhiteSpace(character));
        }));

    [Fact]
    public void A_word_of_any_length_is_a_term_by_its_beginning() => Assert.Equal(new string('x', 64), Cut(new string('x', 100_000)));
}
