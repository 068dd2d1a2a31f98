using System.Text;
using OpenClaw.Grains.Models.Providers;

namespace OpenClaw.Grains.Tests.Models;

public sealed class ProviderErrorTests
{
    [Theory]
    [InlineData("""{"error":{"message":"no such model","type":"invalid_request_error","code":"model_not_found"}}""", "no such model")]
    [InlineData("""{"error":"model 'llama3' not found"}""", "model 'llama3' not found")]
    [InlineData("""{"object":"error","message":"The model does not exist.","code":404}""", "The model does not exist.")]
    [InlineData("""{"type":"error","error":{"type":"not_found_error","message":"model: claude-x"}}""", "model: claude-x")]
    public void The_message_is_found_in_every_servers_form(string body, string message) =>
        Assert.Equal(message, ProviderError.Parse(Encoding.UTF8.GetBytes(body))?.Message);

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"error":null}""")]
    [InlineData("""{"error":{"message":""}}""")]
    [InlineData("""{"error":{"message":"cut of""")]
    [InlineData("""{"error":{"message":"\ud800"}}""")]
    public void What_is_no_error_object_is_none(string body) => Assert.Null(ProviderError.Parse(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("Incorrect API key provided: sk-proj-abc123def456.")]
    [InlineData("bad header Authorization: Bearer abcdef012345")]
    [InlineData("key sk-ant-api03-XXXX_yyyy was revoked")]
    public void Nothing_that_looks_like_a_key_is_passed_on(string message)
    {
        var error = ProviderError.Parse(Encoding.UTF8.GetBytes($$"""{"error":{"message":"{{message}}"} }"""))!;

        Assert.Contains("[key]", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("abc", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("yyyy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_message_with_line_breaks_becomes_one_short_line()
    {
        var message = string.Concat(Enumerable.Repeat("line\\n", 200));

        var error = ProviderError.Parse(Encoding.UTF8.GetBytes($$"""{"error":{"message":"{{message}}"} }"""))!;

        Assert.InRange(error.Message.Length, 250, 301);
        Assert.DoesNotContain('\n', error.Message);
    }
}
