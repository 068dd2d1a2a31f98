using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Tests;

public sealed class LanguagePreferenceTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("zh", true)]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", true)]
    [InlineData("ZH-Hant-TW", true)]
    [InlineData("en", false)]
    [InlineData("en-US,en;q=0.9,zh-CN;q=0.8", false)]
    [InlineData("en;q=0.5, zh;q=0.9", true)]
    [InlineData("fr, zh;q=0.2", true)]
    [InlineData("*, zh;q=0.9", false)]
    [InlineData("zh, *;q=0.1", true)]
    [InlineData("zh;q=0", false)]
    [InlineData("zh;q=nonsense, en;q=0.1", false)]
    [InlineData("zha", false)]
    [InlineData(",,;q=1,", false)]
    public void Chinese_is_chosen_when_it_is_preferred(string header, bool chinese) =>
        Assert.Equal(chinese ? Language.Chinese : Language.English, LanguagePreference.Parse(header));
}
