using OpenClaw.ModelServer;
using ErrorCode = OpenClaw.Grains.Abstractions.Errors.ErrorCode;

namespace OpenClaw.Grains.Tests.Models;

/// <summary>What a provider does wrong, over HTTP, through both SDKs.</summary>
public sealed class ModelFailureTests(ModelServerFixture fixture) : ModelTest(fixture)
{
    [Theory]
    [InlineData(OpenAI, "OPENAI_API_KEY")]
    [InlineData(Anthropic, "ANTHROPIC_API_KEY")]
    public async Task A_refused_key_is_the_operators_to_change_and_is_not_tried_again(string model, string setting)
    {
        await Server.ScriptAsync(new ModelAnswer { Status = 401, ErrorMessage = "Incorrect API key provided: sk-ant-secret-key." });
        await using var gateway = TestGateway.For(Server);

        var problem = (await gateway.AskAsync(model, "?")).Problem!;

        Assert.Equal((ErrorCode.InternalError, 502), (problem.Code, problem.Status));
        Assert.Contains(setting, problem.Reason!.English, StringComparison.Ordinal);
        Assert.Contains(setting, problem.Reason.Chinese, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.Reason.English, StringComparison.Ordinal);
        Assert.Single(await Server.RequestsAsync());
    }

    [Theory]
    [InlineData("missing-model")]
    [InlineData("claude-missing")]
    public async Task A_model_that_the_provider_does_not_know_is_the_callers_to_change(string model)
    {
        await Server.ScriptAsync(new ModelAnswer { Status = 404, ErrorMessage = $"The model {model} does not exist; key sk-abcdefghijkl." });
        await using var gateway = TestGateway.For(Server);

        var problem = (await gateway.AskAsync(model, "?")).Problem!;

        Assert.Equal((ErrorCode.InvalidRequest, 400, "model"), (problem.Code, problem.Status, problem.Field));
        Assert.Contains($"The model {model} does not exist; key [key]", problem.Reason!.English, StringComparison.Ordinal);
        Assert.Single(await Server.RequestsAsync());
    }

    [Theory]
    [InlineData(OpenAI, "this model's maximum context length is 8192 tokens", "model")]
    [InlineData(Anthropic, "messages: image exceeds 5 MB maximum", "content")]
    public async Task A_refused_request_tells_what_the_provider_says(string model, string said, string field)
    {
        await Server.ScriptAsync(new ModelAnswer { Status = 400, ErrorMessage = said + new string('x', 5000) });
        await using var gateway = TestGateway.For(Server);

        var problem = (await gateway.AskAsync(model, "?")).Problem!;

        Assert.Equal((ErrorCode.InvalidRequest, 400, field), (problem.Code, problem.Status, problem.Field));
        Assert.Contains(said, problem.Reason!.English, StringComparison.Ordinal);
        Assert.InRange(problem.Reason.English.Length, said.Length, 450);
        Assert.Single(await Server.RequestsAsync());
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task A_wrong_address_is_not_blamed_on_the_model(string model)
    {
        await Server.ScriptAsync(new ModelAnswer { Status = 404, Body = "<html>nothing here</html>", ContentType = "text/html" });
        await using var gateway = TestGateway.For(Server, ("OpenClaw:Models:Retries", "0"));

        var problem = (await gateway.AskAsync(model, "?")).Problem!;

        Assert.Equal((ErrorCode.InternalError, 502), (problem.Code, problem.Status));
        Assert.Contains("BASE_URL", problem.Reason!.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OpenAI, 429)]
    [InlineData(Anthropic, 429)]
    [InlineData(OpenAI, 500)]
    [InlineData(Anthropic, 529)]
    public async Task A_failure_that_passes_is_tried_again(string model, int status)
    {
        await Server.ScriptAsync(
            new ModelRule { Times = 2, Answer = new ModelAnswer { Status = status, Headers = new Dictionary<string, string> { ["Retry-After"] = "0" } } },
            new ModelRule { Answer = new ModelAnswer { Text = "here I am" } });
        await using var gateway = TestGateway.For(Server);

        var answer = await gateway.AskAsync(model, "?");

        Assert.Equal("here I am", answer.Text);
        Assert.Equal(3, (await Server.RequestsAsync()).Count);
    }

    [Theory]
    [InlineData(OpenAI, 500, 502)]
    [InlineData(Anthropic, 500, 502)]
    [InlineData(OpenAI, 503, 502)]
    [InlineData(OpenAI, 429, 503)]
    [InlineData(Anthropic, 429, 503)]
    public async Task A_failure_that_stays_is_told_after_three_retries(string model, int status, int expected)
    {
        await Server.ScriptAsync(new ModelAnswer { Status = status });
        await using var gateway = TestGateway.For(Server);

        var problem = (await gateway.AskAsync(model, "?")).Problem!;

        Assert.Equal((ErrorCode.InternalError, expected), (problem.Code, problem.Status));
        Assert.Equal(4, (await Server.RequestsAsync()).Count);
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task A_provider_that_asks_for_a_long_wait_is_not_asked_again_and_the_caller_is_told_how_long(string model)
    {
        await Server.ScriptAsync(new ModelAnswer { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "120" } });
        await using var gateway = TestGateway.For(Server);

        var problem = (await gateway.AskAsync(model, "?")).Problem!;

        Assert.Equal((503, 120), (problem.Status, problem.RetryAfterSeconds));
        Assert.Single(await Server.RequestsAsync());
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task A_stream_cut_before_its_first_word_is_asked_for_again(string model)
    {
        await Server.ScriptAsync(
            new ModelRule { Times = 1, Answer = new ModelAnswer { Text = "never said", CutAfter = 0 } },
            new ModelRule { Times = 1, Answer = new ModelAnswer { Text = "never said", EndAfter = 0 } },
            new ModelRule { Times = 1, Answer = new ModelAnswer { Text = "never said", GarbageAfter = 0 } },
            new ModelRule { Answer = new ModelAnswer { Text = "whole" } });
        await using var gateway = TestGateway.For(Server);

        Assert.Equal("whole", (await gateway.AskAsync(model, "?")).Text);
        Assert.Equal(4, (await Server.RequestsAsync()).Count);
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task A_stream_cut_in_the_middle_is_an_error_and_its_words_are_not_said_twice(string model)
    {
        foreach (var fault in new[]
                 {
                     new ModelAnswer { Text = "one two three", CutAfter = 2 },
                     new ModelAnswer { Text = "one two three", EndAfter = 2 },
                     new ModelAnswer { Text = "one two three", GarbageAfter = 2 },
                     new ModelAnswer { Text = "one two three", ErrorAfter = 2 },
                 })
        {
            await Server.ResetAsync();
            await Server.ScriptAsync(fault);
            await using var gateway = TestGateway.For(Server);

            var answer = await gateway.AskAsync(model, "?");

            Assert.StartsWith("one", answer.Text, StringComparison.Ordinal);
            Assert.Null(answer.Finished);
            Assert.Equal((ErrorCode.InternalError, 502), (answer.Problem!.Code, answer.Problem.Status));
            Assert.Single(await Server.RequestsAsync());
        }
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task A_tool_call_that_was_cut_is_not_given_out(string model)
    {
        await Server.ScriptAsync(new ModelAnswer { ToolCalls = [new("time_now", """{"timezone":"UTC"}""")], CutAfter = 2 });
        await using var gateway = TestGateway.For(Server, ("OpenClaw:Models:Retries", "1"));

        var answer = await gateway.AskAsync(model, "?");

        Assert.Empty(answer.Calls);
        Assert.Equal(502, answer.Problem?.Status);
        Assert.Equal(2, (await Server.RequestsAsync()).Count);
    }

    [Theory]
    [InlineData(OpenAI, true)]
    [InlineData(Anthropic, true)]
    [InlineData(OpenAI, false)]
    [InlineData(Anthropic, false)]
    public async Task Garbage_is_an_error(string model, bool streaming)
    {
        await Server.ScriptAsync(new ModelAnswer { GarbageAfter = 0 });
        await using var gateway = TestGateway.For(Server, ("OpenClaw:Models:Streaming", $"{streaming}"));

        var answer = await gateway.AskAsync(model, "?");

        Assert.Equal((ErrorCode.InternalError, 502), (answer.Problem?.Code, answer.Problem?.Status));
        Assert.Equal(4, (await Server.RequestsAsync()).Count);
    }

    [Theory]
    [InlineData(OpenAI, "text/html", "<html>login</html>")]
    [InlineData(Anthropic, "text/html", "<html>login</html>")]
    [InlineData(OpenAI, "application/json", "{}")]
    [InlineData(Anthropic, "application/json", "{}")]
    [InlineData(OpenAI, "application/octet-stream", "\u0000\u0001\u0002")]
    [InlineData(Anthropic, "text/event-stream", "")]
    public async Task A_body_that_is_no_answer_is_an_error(string model, string type, string body)
    {
        await Server.ScriptAsync(new ModelAnswer { Body = body, ContentType = type });
        await using var gateway = TestGateway.For(Server, ("OpenClaw:Models:Retries", "0"));

        var answer = await gateway.AskAsync(model, "?");

        Assert.Equal((ErrorCode.InternalError, 502), (answer.Problem?.Code, answer.Problem?.Status));
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task An_empty_answer_is_never_a_success(string model)
    {
        await Server.ScriptAsync(
            new ModelRule { Times = 1, Answer = new ModelAnswer { Text = "" } },
            new ModelRule { Times = 1, Answer = new ModelAnswer { Text = "words" } },
            new ModelRule { Answer = new ModelAnswer { Text = "" } });
        await using var gateway = TestGateway.For(Server);

        Assert.Equal("words", (await gateway.AskAsync(model, "?")).Text);
        Assert.Equal(502, (await gateway.AskAsync(model, "?")).Problem?.Status);
    }

    [Theory]
    [InlineData("OPENAI_BASE_URL", OpenAI)]
    [InlineData("ANTHROPIC_BASE_URL", Anthropic)]
    public async Task A_server_that_is_not_there_is_an_error(string setting, string model)
    {
        // Port 1 of the loopback interface has no listener.
        await using var gateway = TestGateway.For(Server, (setting, "http://127.0.0.1:1/v1"));

        var problem = (await gateway.AskAsync(model, "?")).Problem!;

        Assert.Equal((ErrorCode.InternalError, 502), (problem.Code, problem.Status));
        Assert.DoesNotContain("127.0.0.1", problem.Reason!.English, StringComparison.Ordinal);
    }
}
