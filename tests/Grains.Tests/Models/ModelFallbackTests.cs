using Microsoft.Extensions.Time.Testing;
using OpenClaw.ModelServer;

namespace OpenClaw.Grains.Tests.Models;

public sealed class ModelFallbackTests(ModelServerFixture fixture) : ModelTest(fixture)
{
    [Fact]
    public async Task A_model_that_fails_is_replaced_by_the_next_of_its_fallbacks()
    {
        await Server.ScriptAsync(
            new ModelRule { Model = OpenAI, Answer = new ModelAnswer { Status = 500 } },
            new ModelRule { Model = "gpt-second", Answer = new ModelAnswer { Status = 401 } });
        await using var gateway = TestGateway.For(
            Server,
            ("OpenClaw:Models:Retries", "1"),
            ("OpenClaw:Models:Fallbacks:0", "gpt-second"),
            ("OpenClaw:Models:Fallbacks:1", Anthropic));

        var answer = await gateway.AskAsync(OpenAI, "hello");

        Assert.Equal("You said: hello", answer.Text);
        Assert.Equal(Anthropic, answer.Finished?.Model);
        Assert.Equal([OpenAI, OpenAI, "gpt-second", Anthropic], (await Server.RequestsAsync()).Select(request => request.Model));
    }

    [Fact]
    public async Task A_model_may_have_fallbacks_of_its_own()
    {
        await Server.ScriptAsync(new ModelRule { Model = "gpt-own", Answer = new ModelAnswer { Status = 401 } });
        await using var gateway = TestGateway.For(
            Server,
            ("OpenClaw:Models:Fallbacks:0", Anthropic),
            ("OpenClaw:Models:Overrides:0:Name", "gpt-own"),
            ("OpenClaw:Models:Overrides:0:Fallbacks:0", "offline"));

        Assert.Equal("offline", (await gateway.AskAsync("gpt-own", "hello")).Finished?.Model);
    }

    [Fact]
    public async Task A_refused_request_is_not_tried_elsewhere()
    {
        await Server.ScriptAsync(new ModelAnswer { Status = 404, ErrorMessage = "no such model" });
        await using var gateway = TestGateway.For(Server, ("OpenClaw:Models:Fallbacks:0", Anthropic));

        Assert.Equal("model", (await gateway.AskAsync(OpenAI, "hello")).Problem?.Field);
        Assert.Single(await Server.RequestsAsync());
    }

    [Fact]
    public async Task Words_already_said_are_not_followed_by_another_models()
    {
        await Server.ScriptAsync(new ModelAnswer { Text = "one two three", CutAfter = 1 });
        await using var gateway = TestGateway.For(Server, ("OpenClaw:Models:Fallbacks:0", Anthropic));

        var answer = await gateway.AskAsync(OpenAI, "hello");

        Assert.Equal(502, answer.Problem?.Status);
        Assert.Single(await Server.RequestsAsync());
    }

    [Fact]
    public async Task A_model_that_keeps_failing_is_left_alone_and_then_probed()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await Server.ScriptAsync(new ModelRule { Times = 3, Answer = new ModelAnswer { Status = 500 } });
        await using var gateway = TestGateway.For(
            Server, time, ("OpenClaw:Models:Retries", "0"), ("OpenClaw:Models:CircuitBreaker:Failures", "2"));

        Assert.Equal(502, (await gateway.AskAsync(OpenAI, "?")).Problem?.Status);
        Assert.Equal(502, (await gateway.AskAsync(OpenAI, "?")).Problem?.Status);
        var refused = (await gateway.AskAsync(OpenAI, "?")).Problem!;
        Assert.Equal((503, 15), (refused.Status, refused.RetryAfterSeconds));
        Assert.Equal(2, (await Server.RequestsAsync()).Count);

        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(502, (await gateway.AskAsync(OpenAI, "?")).Problem?.Status);
        Assert.Equal(503, (await gateway.AskAsync(OpenAI, "?")).Problem?.Status);
        Assert.Equal(3, (await Server.RequestsAsync()).Count);

        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("You said: hello", (await gateway.AskAsync(OpenAI, "hello")).Text);
        Assert.Equal("You said: again", (await gateway.AskAsync(OpenAI, "again")).Text);
    }

    [Fact]
    public async Task A_model_that_keeps_failing_is_left_alone_and_the_others_of_its_server_answer()
    {
        await Server.ScriptAsync(new ModelRule { Model = OpenAI, Answer = new ModelAnswer { Status = 500 } });
        await using var gateway = TestGateway.For(
            Server, ("OpenClaw:Models:Retries", "0"), ("OpenClaw:Models:CircuitBreaker:Failures", "1"));

        Assert.Equal(502, (await gateway.AskAsync(OpenAI, "?")).Problem?.Status);
        Assert.Equal(503, (await gateway.AskAsync(OpenAI, "?")).Problem?.Status);

        Assert.Equal("You said: hello", (await gateway.AskAsync("gpt-other", "hello")).Text);
        // The other's success is none of this one's.
        Assert.Equal(503, (await gateway.AskAsync(OpenAI, "?")).Problem?.Status);
        Assert.Equal([OpenAI, "gpt-other"], (await Server.RequestsAsync()).Select(request => request.Model));
    }

    [Fact]
    public async Task One_providers_circuit_does_not_concern_the_other()
    {
        await Server.ScriptAsync(new ModelRule { Model = OpenAI, Answer = new ModelAnswer { Status = 500 } });
        await using var gateway = TestGateway.For(
            Server, ("OpenClaw:Models:Retries", "0"), ("OpenClaw:Models:CircuitBreaker:Failures", "1"));

        await gateway.AskAsync(OpenAI, "?");

        Assert.Equal(503, (await gateway.AskAsync(OpenAI, "?")).Problem?.Status);
        Assert.Equal("You said: hello", (await gateway.AskAsync(Anthropic, "hello")).Text);
    }
}
