using System.Text.Json;
using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Approvals;

namespace OpenClaw.Grains.Tests.Approvals;

public sealed class ToolPolicyRulesTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "anything\nat all", true)]
    [InlineData("git push*", "git push origin", true)]
    [InlineData("git push*", "git pull", false)]
    [InlineData("*.env", "/Projects/.env", true)]
    [InlineData("*.env", "/Projects/.envy", false)]
    [InlineData("a*b*c", "a--b--b--c", true)]
    [InlineData("a*b*c", "a--c--b", false)]
    [InlineData("**", "x", true)]
    [InlineData("A", "a", false)]
    [InlineData("[a-z]?", "[a-z]?", true)]
    public void A_star_stands_for_any_characters_and_all_else_for_itself(string pattern, string text, bool matches) =>
        Assert.Equal(matches, ToolPolicyRules.Matches(pattern, text));

    [Fact]
    public void A_pattern_made_to_be_slow_is_not() =>
        Assert.False(ToolPolicyRules.Matches(string.Concat(Enumerable.Repeat("*a", 500)) + "b", new string('a', 200_000)));

    [Theory]
    [InlineData("commands_run", """{"command":"rm -rf /"}""", ToolDecision.Deny)]
    [InlineData("commands_run", """{"command":"rm file"}""", ToolDecision.Ask)]
    [InlineData("commands_run", """{"command":"ls"}""", ToolDecision.Allow)]
    [InlineData("files_write", """{"path":"/Documents/a"}""", ToolDecision.Allow)]
    [InlineData("files_read", """{"path":"/a","offset":5}""", ToolDecision.Ask)]
    [InlineData("files_read", """{"path":"/a","offset":6}""", ToolDecision.Allow)]
    [InlineData("files_read", """{"path":"/a"}""", ToolDecision.Allow)]
    [InlineData("browser_open", """{"url":"http://a.example"}""", ToolDecision.Deny)]
    [InlineData("browser_act", "{}", ToolDecision.Deny)]
    public void The_first_rule_that_matches_decides(string tool, string arguments, ToolDecision decision)
    {
        var policy = Policy(
            Rule("commands_run", ToolDecision.Deny, ("command", "rm -rf *")),
            Rule("commands_run", ToolDecision.Ask, ("command", "rm *")),
            Rule("commands_*", ToolDecision.Allow),
            Rule("files_read", ToolDecision.Ask, ("path", "/*"), ("offset", "5")),
            Rule("browser_*", ToolDecision.Deny),
            Rule("browser_open", ToolDecision.Allow));

        Assert.Equal(decision, ToolPolicyRules.Decide(tool, JsonElement.Parse(arguments), policy));
    }

    [Theory]
    [InlineData("*", ToolDecision.Deny, ToolDecision.Deny)]
    [InlineData("a*", ToolDecision.Deny, ToolDecision.Allow)]
    [InlineData("", ToolDecision.Deny, ToolDecision.Allow)]
    public void An_argument_that_is_absent_matches_a_star_alone(string pattern, ToolDecision rule, ToolDecision decision) => Assert.Equal(
        decision, ToolPolicyRules.Decide("any", JsonElement.Parse("{}"), Policy(Rule("*", rule, ("path", pattern)))));

    [Theory]
    [InlineData(ToolDecision.Allow, ToolDecision.Deny)]
    [InlineData(ToolDecision.Ask, ToolDecision.Ask)]
    [InlineData(ToolDecision.Deny, ToolDecision.Deny)]
    public void Of_an_argument_too_long_to_look_at_the_stricter_holds(ToolDecision rule, ToolDecision decision)
    {
        var arguments = JsonSerializer.SerializeToElement(new { content = "x" + new string('a', ToolPolicyRules.MaxTextLength) });

        Assert.Equal(decision, ToolPolicyRules.Decide("any", arguments, Policy(Rule("*", rule, ("content", "y*")), Rule("*", ToolDecision.Deny, ("content", "x*")))));
    }

    [Theory]
    [InlineData(ToolDecision.Deny, ToolDecision.Allow, ToolDecision.Deny)]
    [InlineData(ToolDecision.Allow, ToolDecision.Ask, ToolDecision.Ask)]
    [InlineData(ToolDecision.Ask, ToolDecision.Deny, ToolDecision.Deny)]
    public void Of_two_policies_the_stricter_holds(ToolDecision tenant, ToolDecision session, ToolDecision holds) => Assert.Equal(
        holds, ToolPolicyRules.Decide("any", JsonElement.Parse("{}"), Policy(Rule("*", tenant)), Policy(Rule("*", session))));

    [Fact]
    public void A_policy_is_stored_as_it_is()
    {
        var policy = Policy(Rule("a*", ToolDecision.Ask, ("x", "*"), ("y", "1")), Rule("*", ToolDecision.Deny));

        var restored = ToolRuleState.ToPolicy(ToolRuleState.Of(policy));

        Assert.Equivalent(policy, restored, strict: true);
        Assert.Null(ToolRuleState.Of(ToolPolicy.Empty));
    }

    private static ToolPolicy Policy(params ToolRule[] rules) => new() { Rules = rules };

    private static ToolRule Rule(string tool, ToolDecision decision, params (string Name, string Pattern)[] arguments) => new()
    {
        Tool = tool,
        Decision = decision,
        Arguments = arguments.Select(argument => new ArgumentPattern(argument.Name, argument.Pattern)).ToArray(),
    };
}
