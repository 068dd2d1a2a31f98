using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using OpenClaw.ModelServer;

namespace OpenClaw.Grains.Tests.Models;

/// <summary>What a provider says well, over HTTP, through both SDKs.</summary>
public sealed class ModelAnswerTests(ModelServerFixture fixture) : ModelTest(fixture)
{
    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task An_answer_arrives_in_the_chunks_in_which_it_was_said_with_its_usage(string model)
    {
        await using var gateway = TestGateway.For(Server);

        var answer = await gateway.AskAsync(model, "#tokens=5");

        Assert.Equal(["token1 ", "token2 ", "token3 ", "token4 ", "token5"], answer.Chunks);
        Assert.Equal(new ModelFinished(FinishReason.Stop, new TokenUsage(7, 5), model), answer.Finished);
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task Text_of_any_language_arrives_unharmed(string model)
    {
        const string said = "你好，世界 🌍👨‍👩‍👧 \u0000 \"quotes\" \\ <b> é";
        await Server.ScriptAsync(new ModelAnswer { Text = said, ChunkSize = 1 });
        await using var gateway = TestGateway.For(Server);

        Assert.Equal(said, (await gateway.AskAsync(model, "?")).Text);
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task A_server_that_cannot_stream_gives_the_same_answer_in_one_piece(string model)
    {
        await using var gateway = TestGateway.For(Server, ("OpenClaw:Models:Streaming", "false"));

        var answer = await gateway.AskAsync(model, "#tokens=5");
        var call = await gateway.AskWithToolsAsync(model, new ChatMessage(ChatRole.User, "#tool=time_now {\"timezone\":\"UTC\"}"));

        Assert.Equal("token1 token2 token3 token4 token5", answer.Text);
        Assert.Equal(new ModelFinished(FinishReason.Stop, new TokenUsage(7, 5), model), answer.Finished);
        Assert.Equal("""{"timezone":"UTC"}""", Assert.Single(call.Calls).Arguments);
        Assert.All(await Server.RequestsAsync(), request => Assert.False(request.Streamed));
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task Tool_calls_arrive_whole_after_the_text(string model)
    {
        await Server.ScriptAsync(new ModelAnswer
        {
            Text = "Let me look.",
            ToolCalls = [new("time_now", """{"timezone":"Asia/Shanghai"}""", "call-a"), new("time_now", "", "call-b")],
        });
        await using var gateway = TestGateway.For(Server);

        var answer = await gateway.AskWithToolsAsync(model, new ChatMessage(ChatRole.User, "what time is it?"));

        Assert.Equal("Let me look.", answer.Text);
        Assert.Equal(
            [new ModelToolCall("call-a", "time_now", """{"timezone":"Asia/Shanghai"}"""), new ModelToolCall("call-b", "time_now", "{}")],
            answer.Calls);
        Assert.Equal(FinishReason.Stop, answer.Finished?.FinishReason);
    }

    [Theory]
    [InlineData(OpenAI, """{"timezone": "Asia/Sha""")]
    [InlineData(Anthropic, """{"timezone": "Asia/Sha""")]
    [InlineData(OpenAI, "not json at all")]
    [InlineData(Anthropic, "not json at all")]
    [InlineData(OpenAI, "[1, 2]")]
    [InlineData(Anthropic, "[1, 2]")]
    public async Task A_tool_call_with_broken_arguments_keeps_the_text_that_the_model_wrote(string model, string arguments)
    {
        await Server.ScriptAsync(new ModelAnswer { ToolCalls = [new("time_now", arguments, "call-a")] });
        await using var gateway = TestGateway.For(Server);

        var answer = await gateway.AskWithToolsAsync(model, new ChatMessage(ChatRole.User, "time?"));

        Assert.Equal(new ModelToolCall("call-a", "time_now", arguments), Assert.Single(answer.Calls));
        Assert.NotNull(answer.Finished);
    }

    [Fact]
    public async Task A_tool_call_without_an_id_is_not_lost()
    {
        await Server.ScriptAsync(new ModelAnswer { ToolCalls = [new("time_now", "{}", "")] });
        await using var gateway = TestGateway.For(Server);

        var call = Assert.Single((await gateway.AskWithToolsAsync(OpenAI, new ChatMessage(ChatRole.User, "time?"))).Calls);

        Assert.NotEmpty(call.CallId);
        Assert.Equal("time_now", call.Name);
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task The_model_is_told_of_the_tools_and_of_their_results(string model)
    {
        await using var gateway = TestGateway.For(Server);
        var question = new ChatMessage(ChatRole.User, "#tool=time_now {\"timezone\":\"UTC\"}");

        var call = Assert.Single((await gateway.AskWithToolsAsync(model, question)).Calls);
        var answer = await gateway.AskWithToolsAsync(
            model,
            question,
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent(call.CallId, call.Name, new Dictionary<string, object?> { ["timezone"] = "UTC" })]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, "noon")]));

        Assert.Equal("The tool answered: noon", answer.Text);
        using var asked = JsonDocument.Parse((await Server.RequestsAsync())[0].Body);
        var tool = asked.RootElement.GetProperty("tools")[0];
        if (tool.TryGetProperty("function", out var function)) tool = function;
        Assert.Equal("time_now", tool.GetProperty("name").GetString());
        Assert.Contains("timezone", tool.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task An_image_reaches_the_model_as_an_image(string model)
    {
        await using var gateway = TestGateway.For(Server);

        var answer = await gateway.AskWithToolsAsync(model, new ChatMessage(
            ChatRole.User, [new TextContent("what is this?"), new DataContent(new byte[] { 0x89, 0x50, 0x4e, 0x47 }, "image/png")]));

        Assert.Equal("You said: what is this? [images: 1]", answer.Text);
        Assert.Contains("iVBORw==", (await Server.RequestsAsync())[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_that_the_provider_does_not_count_are_estimated()
    {
        await Server.ScriptAsync(new ModelAnswer { Text = "one two three four", Usage = false });
        await using var gateway = TestGateway.For(Server);

        var usage = (await gateway.AskAsync(OpenAI, "a question of some length")).Finished!.Usage;

        Assert.True(usage.Estimated);
        Assert.InRange(usage.InputTokens, 4, 20);
        Assert.InRange(usage.OutputTokens, 3, 8);
    }

    [Theory]
    [InlineData(OpenAI, "length", FinishReason.Length)]
    [InlineData(Anthropic, "max_tokens", FinishReason.Length)]
    [InlineData(OpenAI, "content_filter", FinishReason.ContentFilter)]
    public async Task The_reason_of_the_end_is_told(string model, string said, string expected)
    {
        await Server.ScriptAsync(new ModelAnswer { Text = "half an", FinishReason = said });
        await using var gateway = TestGateway.For(Server);

        Assert.Equal(expected, (await gateway.AskAsync(model, "?")).Finished?.FinishReason);
    }

    [Fact]
    public async Task A_server_without_a_key_is_asked_with_a_placeholder_and_the_output_limit_is_passed_on()
    {
        await using var gateway = TestGateway.For(Server);

        await gateway.AskAsync(new ModelRequest { Tenant = TenantId.Default, Model = OpenAI, Messages = [new ChatMessage(ChatRole.User, "?")], MaxOutputTokens = 77 });

        var request = Assert.Single(await Server.RequestsAsync());
        Assert.Equal("/v1/chat/completions", request.Path);
        Assert.Equal("(set)", request.Headers["Authorization"]);
        Assert.Contains("77", request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_without_a_path_means_its_first_version()
    {
        await using var gateway = TestGateway.Create(TimeProvider.System, ("OPENAI_BASE_URL", Server.Address.ToString()));

        Assert.Equal("You said: hello", (await gateway.AskAsync(OpenAI, "hello")).Text);
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task An_answer_whose_stream_breaks_after_its_end_is_complete(string model)
    {
        await Server.ScriptAsync(new ModelAnswer { Text = "all of it", CutAtEnd = true });
        await using var gateway = TestGateway.For(Server);

        var answer = await gateway.AskAsync(model, "?");

        Assert.Null(answer.Problem);
        Assert.Equal("all of it", answer.Text);
        Assert.Single(await Server.RequestsAsync());
    }
}
