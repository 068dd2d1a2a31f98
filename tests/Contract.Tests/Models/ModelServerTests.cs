using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Models;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Models;

/// <summary>A turn against a model server: what its answers and its failures become on the wire.</summary>
public sealed class ModelServerTests(Servers servers) : ContractTest(servers)
{
    [Fact]
    public async Task The_first_bytes_leave_while_the_model_holds_its_answer()
    {
        await using var model = new ModelStub();
        await using var server = await StartAsync(model);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation, new { model = "stub" });
        await using var stream = await client.StreamMessageAsync(id, "[model: hold]", Cancellation);
        Assert.Equal(200, stream.Status);
        var first = await stream.ReadAsync(Cancellation);
        Assert.NotNull(first);
        Assert.True(first.Comment is not null || StreamFrame.Parse(first).Type == "status", $"{first}");
        model.Release();
        Assert.Equal("stop", (await stream.ReadToEndAsync(Cancellation))[^1].Text("finishReason"));
    }

    [Fact]
    public async Task The_models_words_and_its_count_of_tokens_arrive()
    {
        await using var model = new ModelStub();
        await using var server = await StartAsync(model);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation, new { model = "my-model", systemPrompt = "Speak like a pirate." });
        var response = await client.SendMessageAsync(id, "[model: say 5 0]", Cancellation);
        Assert.Equal(200, response.Status);
        Assert.Equal("word1 word2 word3 word4 word5", response.Text("response", "content")!.Trim());
        var counts = Shape.Counts(response.Json.GetProperty("usage")).Values;
        Assert.Contains(11, counts);
        Assert.Contains(7, counts);
        var request = Assert.Single(model.Requests);
        Assert.Contains("Speak like a pirate.", request, StringComparison.Ordinal);
        Assert.Contains("\"my-model\"", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_is_told_the_conversation_so_far()
    {
        await using var model = new ModelStub();
        await using var server = await StartAsync(model);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation, new { model = "stub" });
        await client.SendMessageAsync(id, "My name is Ada.", Cancellation);
        await client.SendMessageAsync(id, "Who am I?", Cancellation);
        var last = model.Requests.Last();
        Assert.Contains("My name is Ada.", last, StringComparison.Ordinal);
        Assert.Contains("word20", last, StringComparison.Ordinal);
        Assert.Contains("Who am I?", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_call_is_run_shown_and_told_to_the_model()
    {
        await using var model = new ModelStub();
        await using var server = await StartAsync(model);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation, new { model = "stub" });
        await using var stream = await client.StreamMessageAsync(id, "[model: tool time_now {}]", Cancellation);
        var frames = await stream.ReadToEndAsync(Cancellation);
        var tools = frames.Where(frame => frame.Type == "tool").ToList();
        Assert.Equal(["started", "succeeded"], tools.Select(frame => frame.Text("status")));
        Assert.All(tools, frame => Assert.Equal("time_now", frame.Text("name")));
        Assert.Single(tools.Select(frame => frame.Text("callId")).Distinct());
        Assert.Equal("stop", frames[^1].Text("finishReason"));
        Assert.Matches($"The tool returned .*{TimeProvider.System.GetUtcNow():yyyy}", Transcript.Of(frames));
        Assert.Equal(2, model.Requests.Count);
    }

    [Theory]
    [InlineData("[model: tool time_now {\"zone\": ]")]
    [InlineData("[model: tool no_such_tool {}]")]
    [InlineData("[model: tool time_now \"text\"]")]
    public async Task A_tool_call_that_cannot_be_run_fails_and_the_model_goes_on(string content)
    {
        await using var model = new ModelStub();
        await using var server = await StartAsync(model);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation, new { model = "stub" });
        await using var stream = await client.StreamMessageAsync(id, content, Cancellation);
        var frames = await stream.ReadToEndAsync(Cancellation);
        Assert.Equal("failed", frames.Last(frame => frame.Type == "tool").Text("status"));
        Assert.Equal("stop", frames[^1].Text("finishReason"));
        Assert.Contains("word20", Transcript.Of(frames), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[model: once 429]")]
    [InlineData("[model: once 500]")]
    [InlineData("[model: once 503]")]
    public async Task A_failure_that_passes_is_not_seen(string content)
    {
        await using var model = new ModelStub();
        await using var server = await StartAsync(model);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation, new { model = "stub" });
        var response = await client.SendMessageAsync(id, content, Cancellation);
        Assert.Equal(200, response.Status);
        Assert.Contains("word20", response.Text("response", "content"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[model: status 401]")]
    [InlineData("[model: status 429]")]
    [InlineData("[model: status 500]")]
    [InlineData("[model: garbage]")]
    [InlineData("[model: html]")]
    [InlineData("[model: empty]")]
    [InlineData("[model: cut]")]
    public async Task A_model_that_fails_is_an_internal_error_of_the_provider_streamed_or_not(string content)
    {
        await using var model = new ModelStub();
        await using var server = await StartAsync(model);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation, new { model = "stub" });
        var response = await client.SendMessageAsync(id, content, Cancellation, null, ("Idempotency-Key", "failed"));
        Assert.True(response.Status is 502 or 503 or 504, response.ToString());
        ErrorAssert.IsError(response, response.Status, "INTERNAL_ERROR");
        Assert.DoesNotContain("stub", response.Body.Replace("\"stub\"", "", StringComparison.Ordinal), StringComparison.Ordinal);

        var again = await client.SendMessageAsync(id, content, Cancellation, null, ("Idempotency-Key", "failed"));
        Assert.Equal(response.Status, again.Status);
        Assert.Equal("true", again.Header("Idempotent-Replayed"));

        await using var stream = await client.StreamMessageAsync(id, content, Cancellation);
        Assert.Equal(200, stream.Status);
        var frames = await stream.ReadToEndAsync(Cancellation);
        Assert.Equal("error", frames[^1].Type);
        var error = frames[^1].Json.GetProperty("error");
        Assert.Equal("INTERNAL_ERROR", error.GetProperty("code").GetString());
        Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("message").GetString()));
        Assert.DoesNotContain(frames, frame => frame.Type == "done");
        Assert.Equal("idle", (await client.GetSessionAsync(id, Cancellation)).Text("status"));
        var history = await client.HistoryAsync(id, Cancellation);
        Assert.Equal(2, history.Count(message => message.GetProperty("role").GetString() == "user"));
    }

    [Fact]
    public async Task A_session_goes_on_after_a_turn_that_failed()
    {
        await using var model = new ModelStub();
        await using var server = await StartAsync(model);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation, new { model = "stub" });
        Assert.NotEqual(200, (await client.SendMessageAsync(id, "[model: status 401]", Cancellation)).Status);
        Assert.Equal(200, (await client.SendMessageAsync(id, "hello", Cancellation)).Status);
    }

    [Fact]
    public async Task A_model_that_the_provider_does_not_know_is_an_invalid_model()
    {
        await using var model = new ModelStub();
        await using var server = await StartAsync(model);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation, new { model = "stub" });
        var response = await client.SendMessageAsync(id, "[model: unknown]", Cancellation);
        ErrorAssert.IsInvalid(response, "model");
        Assert.Contains("says the stub", response.Text("error", "details", "reason"), StringComparison.Ordinal);
        await using var stream = await client.StreamMessageAsync(id, "[model: unknown]", Cancellation);
        var error = (await stream.ReadToEndAsync(Cancellation))[^1].Json.GetProperty("error");
        Assert.Equal("INVALID_REQUEST", error.GetProperty("code").GetString());
        Assert.Equal("model", error.GetProperty("details").GetProperty("field").GetString());
    }

    [Fact]
    public async Task An_answer_cut_at_the_models_limit_says_so()
    {
        await using var model = new ModelStub();
        await using var server = await StartAsync(model);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation, new { model = "stub" });
        Assert.Equal("length", (await client.SendMessageAsync(id, "[model: length]", Cancellation)).Text("finishReason"));
    }

    [Fact]
    public async Task A_message_steered_into_a_turn_that_calls_a_tool_reaches_the_model_in_that_turn()
    {
        await using var model = new ModelStub();
        await using var server = await StartAsync(model);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation, new { model = "stub" });
        await using var watch = await client.WatchAsync(id, 0, Cancellation);
        var first = client.SendMessageAsync(id, "[model: hold]", Cancellation);
        await watch.ReadUntilAsync(frame => frame.Type == "message", Cancellation);
        var second = client.SendMessageAsync(id, "and in French", Cancellation, "steer");
        await watch.ReadUntilAsync(frame => frame.Type == "message", Cancellation);
        model.Release();
        var answers = await Task.WhenAll(first, second);
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(answers[0].Text("messageId"), answers[1].Text("messageId"));
        Assert.Contains("and in French", model.Requests.Last(), StringComparison.Ordinal);
    }

    private static Task<ServerProcess> StartAsync(ModelStub model) =>
        ServerProcess.StartAsync(new ServerSettings { Environment = model.Environment }, Cancellation);
}
