using OpenClaw.Grains.Memory.Search;

namespace OpenClaw.Grains.Tests.Memory;

public sealed class WordLikenessTests
{
    [Theory]
    [InlineData("preference", "prefernce")]
    [InlineData("preference", "perference")]
    [InlineData("server", "servr")]
    [InlineData("deployment", "depolymnet")]
    [InlineData("pref", "preference")]
    [InlineData("ference", "preference")]
    [InlineData("preferred", "prefer")]
    public void A_slip_or_a_part_is_less_than_the_word_itself(string asked, string held) =>
        Assert.InRange(WordLikeness.Of(asked, held), 0.4, 0.95);

    [Theory]
    [InlineData("cat", "dog")]
    [InlineData("cat", "cut")]
    [InlineData("2024", "2025")]
    [InlineData("server", "severe")]
    [InlineData("meeting", "greeting")]
    [InlineData("ca", "catalogue")]
    public void Another_word_is_nothing_of_it(string asked, string held) => Assert.Equal(0, WordLikeness.Of(asked, held));

    [Fact]
    public void The_longest_words_can_be_compared() =>
        Assert.Equal(0.75, WordLikeness.Of(new string('a', 63) + "b", new string('a', 63) + "c"));
}
