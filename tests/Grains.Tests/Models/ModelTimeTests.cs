using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using OpenClaw.ModelServer;

namespace OpenClaw.Grains.Tests.Models;

/// <summary>Silence, lateness and cancellation, on a clock that the test drives.</summary>
public sealed class ModelTimeTests(ModelServerFixture fixture) : ModelTest(fixture)
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task A_provider_that_never_answers_is_given_up_after_the_first_token_time(string model)
    {
        await Server.ScriptAsync(new ModelAnswer { Hang = true });
        await using var gateway = TestGateway.For(Server, _time, ("OpenClaw:Models:Retries", "0"));

        var asking = gateway.AskAsync(model, "?");
        await ArrivedAsync(1);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(asking.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((Abstractions.Errors.ErrorCode.InternalError, 504), Status(await asking));
        Assert.Equal("aborted", Assert.Single(await EndedAsync(1)).Outcome);
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task A_provider_that_falls_silent_is_given_up_and_nothing_it_says_later_is_heard(string model)
    {
        await Server.ScriptAsync(new ModelAnswer { Text = "one two three four", HangAfter = 2, KeepAliveMilliseconds = 20 });
        await using var gateway = TestGateway.For(Server, _time);

        var heard = new List<string>();
        var updates = gateway.Models.StreamAsync(Question(model), Cancellation).GetAsyncEnumerator(Cancellation);
        for (var i = 0; i < 2; i++)
        {
            Assert.True(await updates.MoveNextAsync());
            heard.Add(Assert.IsType<ModelText>(updates.Current).Text);
        }

        var next = updates.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(30));
        var failure = await Assert.ThrowsAsync<ModelException>(() => next);
        await updates.DisposeAsync();

        Assert.Equal(504, failure.Problem.Status);
        Assert.Equal("one two ", string.Concat(heard));
        var request = Assert.Single(await EndedAsync(1));
        Assert.Equal("aborted", request.Outcome);
    }

    [Fact]
    public async Task Text_that_is_already_here_when_the_time_is_over_is_dropped()
    {
        await using var gateway = TestGateway.For(Server, _time);
        await using var updates = gateway.Models.StreamAsync(Question(OpenAI, "#tokens=3"), Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await updates.MoveNextAsync());
        await EndedAsync(1);

        _time.Advance(TimeSpan.FromMinutes(1));

        var failure = await Assert.ThrowsAsync<ModelException>(() => updates.MoveNextAsync().AsTask());
        Assert.Equal(504, failure.Problem.Status);
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task A_slow_answer_that_never_pauses_for_long_is_heard_to_its_end(string model)
    {
        await using var gateway = TestGateway.For(Server, _time);
        var text = "";
        await foreach (var update in gateway.Models.StreamAsync(Question(model, "#tokens=8 #delay=5"), Cancellation))
        {
            if (update is not ModelText piece) continue;
            text += piece.Text;
            _time.Advance(TimeSpan.FromSeconds(25));
        }

        Assert.EndsWith("token8", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_call_has_an_end_whatever_is_said_meanwhile()
    {
        await using var gateway = TestGateway.For(Server, _time, ("OpenClaw:Models:CallTimeout", "00:01:00"));
        var heard = 0;

        var failure = await Assert.ThrowsAsync<ModelException>(async () =>
        {
            await foreach (var _ in gateway.Models.StreamAsync(Question(OpenAI, "#tokens=100 #delay=5"), Cancellation))
            {
                heard++;
                _time.Advance(TimeSpan.FromSeconds(25));
            }
        });

        Assert.Equal(504, failure.Problem.Status);
        Assert.InRange(heard, 2, 3);
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task A_retry_waits_as_long_as_the_provider_asks(string model)
    {
        await Server.ScriptAsync(
            new ModelRule { Times = 1, Answer = new ModelAnswer { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "7" } } });
        await using var gateway = TestGateway.For(Server, _time);

        var asking = gateway.AskAsync(model, "hello");
        await EndedAsync(1);
        // The clock goes on in steps until the retry is there; none may come before its time.
        var waited = TimeSpan.Zero;
        while (!asking.IsCompleted)
        {
            if ((await Server.RequestsAsync()).Count > 1) break;
            _time.Advance(TimeSpan.FromMilliseconds(100));
            waited += TimeSpan.FromMilliseconds(100);
        }

        Assert.Equal("You said: hello", (await asking).Text);
        Assert.True(waited >= TimeSpan.FromSeconds(7), $"The retry came after {waited}.");
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task A_caller_that_cancels_is_free_at_once_and_the_server_hears_of_it(string model)
    {
        await Server.ScriptAsync(new ModelAnswer { Hang = true });
        await using var gateway = TestGateway.For(Server, _time);
        using var cancellation = new CancellationTokenSource();

        var asking = gateway.AskUntilAsync(Question(model), cancellation.Token);
        await ArrivedAsync(1);
        await cancellation.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        Assert.Equal("aborted", Assert.Single(await EndedAsync(1)).Outcome);
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task A_caller_that_stops_reading_ends_the_request(string model)
    {
        await using var gateway = TestGateway.For(Server, _time);

        await foreach (var _ in gateway.Models.StreamAsync(Question(model, "#tokens=100000 #delay=1"), Cancellation)) break;

        Assert.Equal("aborted", Assert.Single(await EndedAsync(1)).Outcome);
    }

    [Fact]
    public async Task A_caller_that_cancels_while_a_retry_waits_is_free_at_once()
    {
        await Server.ScriptAsync(new ModelAnswer { Status = 500 });
        await using var gateway = TestGateway.For(Server, _time, ("OpenClaw:Models:RetryDelay", "00:01:00"), ("OpenClaw:Models:MaxRetryDelay", "00:01:00"));
        using var cancellation = new CancellationTokenSource();

        var asking = gateway.AskUntilAsync(Question(OpenAI), cancellation.Token);
        await EndedAsync(1);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Single(await Server.RequestsAsync());
    }

    private static ModelRequest Question(string model, string text = "?") =>
        new() { Tenant = TenantId.Default, Model = model, Messages = [new ChatMessage(ChatRole.User, text)] };

    private static (Abstractions.Errors.ErrorCode?, int?) Status(TestAnswer answer) => (answer.Problem?.Code, answer.Problem?.Status);
}
