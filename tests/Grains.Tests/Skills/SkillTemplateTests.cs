using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Tests.Skills;

/// <summary>Templates, as <c>docs/skills.md</c> has them: no value leaves the place where it was put.</summary>
public sealed class SkillTemplateTests
{
    private static readonly Dictionary<string, string> Secrets = new() { ["BASE"] = "https://api.example.com/v1/", ["TOKEN"] = "t0ken", ["EMPTY"] = "" };

    [Theory]
    [InlineData("")]
    [InlineData("no placeholder, but { one } brace")]
    [InlineData("{{a}}")]
    [InlineData("{{ a.b-c_d.e }} and {{params}} and {{secrets.TOKEN|none}}")]
    [InlineData("{{a|}}")]
    public void A_template_that_can_be_used_is_taken(string template) => Assert.Null(SkillTemplate.FindProblem(template));

    [Theory]
    [InlineData("{{a")]
    [InlineData("a}}")]
    [InlineData("{{}}")]
    [InlineData("{{ }}")]
    [InlineData("{{a..b}}")]
    [InlineData("{{a b}}")]
    [InlineData("{{a/b}}")]
    [InlineData("{{secrets.}}")]
    [InlineData("{{secrets.A-B}}")]
    [InlineData("{{{{a}}}}")]
    public void A_template_that_cannot_be_used_is_refused(string template) => Assert.NotNull(SkillTemplate.FindProblem(template));

    [Fact]
    public void A_template_has_at_most_64_placeholders()
    {
        Assert.Null(SkillTemplate.FindProblem(string.Concat(Enumerable.Repeat("{{a}}", 64))));
        Assert.NotNull(SkillTemplate.FindProblem(string.Concat(Enumerable.Repeat("{{a}}", 65))));
    }

    [Fact]
    public void Secrets_that_are_needed_are_those_without_a_default()
    {
        Assert.Equal(["A", "C"], SkillTemplate.SecretsOf("{{secrets.A}} {{secrets.B|b}} {{c}} {{secrets.C}}"));
        // One that stands alone is left out where it has no value.
        Assert.Equal(["B"], SkillTemplate.SecretsOf(JsonElement.Parse("""{"a":["{{secrets.A}}",1],"b":{"c":"x {{secrets.B}}"}}""")));
    }

    [Theory]
    [InlineData("https://x/{{a}}", """{"a":"b/c?d#e f"}""", "https://x/b%2Fc%3Fd%23e%20f")]
    [InlineData("https://x/{{a}}", """{"a":"../b"}""", "https://x/..%2Fb")]
    [InlineData("https://x/{{a}}", """{"a":"%2e%2e"}""", "https://x/%252e%252e")]
    [InlineData("https://x/{{a}}", """{"a":"日本"}""", "https://x/%E6%97%A5%E6%9C%AC")]
    [InlineData("https://x/{{a.b}}", """{"a":{"b":7}}""", "https://x/7")]
    [InlineData("https://x/?q={{a}}", """{"a":[1, "b"]}""", "https://x/?q=%5B1%2C%22b%22%5D")]
    [InlineData("https://x/?q={{a}}", """{"a":""}""", "https://x/?q=")]
    [InlineData("https://x/?q={{a}}", """{"a":".."}""", "https://x/?q=..")]
    [InlineData("https://x/{{a|b c}}", "{}", "https://x/b%20c")]
    [InlineData("https://x/v{{a}}.{{b}}/c", """{"a":"1","b":"2"}""", "https://x/v1.2/c")]
    [InlineData("{{secrets.BASE}}/items/{{a}}", """{"a":"1"}""", "https://api.example.com/v1/items/1")]
    [InlineData("{{secrets.NONE|https://y/}}/{{a}}", """{"a":"1"}""", "https://y/1")]
    public void Values_in_an_address_are_encoded_but_for_its_beginning(string template, string parameters, string expected) =>
        Assert.Equal(expected, SkillTemplate.Url(template, Values(parameters)).Text);

    [Theory]
    [InlineData("https://x/{{a}}/c", """{"a":"."}""")]
    [InlineData("https://x/{{a}}/c", """{"a":".."}""")]
    [InlineData("https://x/{{a}}{{b}}/c", """{"a":".","b":"."}""")]
    [InlineData("https://x/.{{a}}", """{"a":"."}""")]
    [InlineData("https://x/%2E{{a}}?q", """{"a":"."}""")]
    [InlineData("https://x/{{a}}./c", """{"a":"."}""")]
    [InlineData("https://x/a\\{{a}}", """{"a":".."}""")]
    [InlineData("https://x/{{a}}/c", """{"a":""}""")]
    [InlineData("https://x/{{a}}/c", "{}")]
    [InlineData("{{secrets.NONE}}/c", "{}")]
    public void A_value_that_would_make_another_address_is_refused(string template, string parameters)
    {
        var result = SkillTemplate.Url(template, Values(parameters));

        Assert.Null(result.Text);
        Assert.NotNull(result.Problem);
    }

    [Fact]
    public void An_empty_beginning_does_not_leave_the_address_to_what_is_next() =>
        Assert.NotNull(SkillTemplate.Url("{{secrets.EMPTY}}{{a}}", Values("""{"a":"https://evil.example"}""")).Problem);

    [Fact]
    public void An_address_has_at_most_8192_characters()
    {
        Assert.NotNull(SkillTemplate.Url("https://x/{{a}}", Values(8182)).Text);
        Assert.NotNull(SkillTemplate.Url("https://x/{{a}}", Values(8183)).Problem);
    }

    [Theory]
    [InlineData("Bearer {{secrets.TOKEN}}", "{}", "Bearer t0ken")]
    [InlineData("{{a}}", """{"a":{"b": 1.50}}""", """{"b":1.50}""")]
    [InlineData("{{a}}", """{"a":true}""", "true")]
    [InlineData("{{a|b}}", "{}", "b")]
    public void A_header_takes_values_as_they_are(string template, string parameters, string expected) =>
        Assert.Equal(expected, SkillTemplate.Header(template, Values(parameters)).Text);

    [Theory]
    [InlineData("\r\nX-Other: 1")]
    [InlineData("\n")]
    [InlineData("\0")]
    [InlineData("\u001b")]
    [InlineData("\u007f")]
    [InlineData("é")]
    public void A_header_takes_no_line_breaks_and_nothing_beyond_ascii(string value) =>
        Assert.NotNull(SkillTemplate.Header("a {{a}}", Values(JsonSerializer.Serialize(new { a = value }))).Problem);

    [Fact]
    public void What_is_a_placeholder_alone_and_has_no_value_is_left_out()
    {
        Assert.Equal(TemplateResult.Omitted, SkillTemplate.Header("{{a}}", Values("{}")));
        Assert.Equal(TemplateResult.Omitted, SkillTemplate.Query("{{secrets.NONE}}", Values("{}")));
    }

    [Fact]
    public void What_has_other_text_and_no_value_is_refused_with_the_name() =>
        Assert.Contains("secrets.NONE", SkillTemplate.Header("Bearer {{secrets.NONE}}", Values("{}")).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("Say {{a}} to {{b}}.", """{"a":"hi","b":["x", {"y":"é<"}]}""", """Say hi to ["x",{"y":"é<"}].""")]
    [InlineData("{{params}}", """{"a": 1}""", """{"a":1}""")]
    [InlineData("[{{a}}]", "{}", "[]")]
    [InlineData("{{a}}", """{"a":"{{secrets.TOKEN}}"}""", "{{secrets.TOKEN}}")]
    public void A_text_for_a_model_takes_values_once(string template, string parameters, string expected) =>
        Assert.Equal(expected, SkillTemplate.Text(template, Values(parameters)).Text);

    [Theory]
    [InlineData("""{"a":"{{a}}","b":"x {{a}}"}""", """{"a":[1,{"c":null}]}""", """{"a":[1,{"c":null}],"b":"x [1,{\"c\":null}]"}""")]
    [InlineData("""{"a":"{{a}}","b":["{{a}}",1],"c":{"d":"{{a}}"}}""", "{}", """{"b":[1],"c":{}}""")]
    [InlineData("""{"a":"{{a|x}}","n":1.50,"t":true,"z":null}""", "{}", """{"a":"x","n":1.50,"t":true,"z":null}""")]
    [InlineData("""{"a":"say {{a}}"}""", """{"a":"\",\"admin\":\"<é>"}""", """{"a":"say \",\"admin\":\"<é>"}""")]
    [InlineData("\"{{params}}\"", """{"a": 1}""", """{"a":1}""")]
    [InlineData("\"{{a}}\"", "{}", "null")]
    public void A_body_takes_values_with_their_types(string template, string parameters, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(SkillTemplate.Body(JsonElement.Parse(template), Values(parameters)).Bytes!));

    [Fact]
    public void A_body_ends_at_10_MiB_however_often_it_takes_a_value()
    {
        // 50,000 times 1 MiB, of which no more than the limit is ever written.
        var template = JsonElement.Parse("[" + string.Join(',', Enumerable.Repeat("\"{{a}}\"", 50_000)) + "]");

        Assert.NotNull(SkillTemplate.Body(template, Values(1024 * 1024)).Problem);
    }

    [Fact]
    public void A_text_of_a_body_that_is_too_long_is_refused() =>
        Assert.NotNull(SkillTemplate.Body(JsonElement.Parse("""{"a":"{{a}} {{a}}"}"""), Values(1024 * 1024)).Problem);

    private static TemplateValues Values(string parameters) => new(JsonElement.Parse(parameters), Secrets);

    /// <summary>The parameter <c>a</c>, so many letters.</summary>
    private static TemplateValues Values(int letters) => Values(JsonSerializer.Serialize(new { a = new string('a', letters) }));
}
