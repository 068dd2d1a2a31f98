using System.Collections.Frozen;

namespace OpenClaw.Grains.Memory.Search;

/// <summary>
/// Words that a question is made of, whatever it is about: as terms of a query they count for little, also where the namespace
/// holds too few entries to tell.
/// </summary>
internal static class CommonWords
{
    private static readonly FrozenSet<string> Words = FrozenSet.ToFrozenSet(
        ("a an and are as at be been but by can could did do does doe for from had has ha have having he her him hi his how i if in is it its me mine my no "
        + "not of on or our should so she that the their them then there these they this those to too us was wa we were what when where "
        + "which who whom whose why will with would you your about any some tell know want need please am "
        // Pairs of characters that questions in Chinese and Japanese are made of.
        + "什么 怎么 哪里 哪个 哪些 多少 为什 我的 你的 他的 的是 是什 是谁 在哪 有没 没有 请问 告诉 诉我 知道 我们 你们 一个 这个 那个 可以 如何 是不 不是 么时 时候 几个 "
        + "です ます した って から まで では には とは のは ので もの こと それ これ どこ なに いつ だれ どの 私の 何で した しま ませ せん ている てい いる いま すか ですか 教え えて").Split(' '),
        StringComparer.Ordinal);

    public static bool Contains(string term) => Words.Contains(term);
}
