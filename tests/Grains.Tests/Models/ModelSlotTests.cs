using Microsoft.Extensions.AI;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.ModelServer;

namespace OpenClaw.Grains.Tests.Models;

/// <summary>A provider that may be asked one thing at a time.</summary>
public sealed class ModelSlotTests(ModelServerFixture fixture) : ModelTest(fixture)
{
    private readonly SignallingClock _time = new(DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData("FirstTokenTimeout", "CallTimeout")]
    [InlineData("CallTimeout", "FirstTokenTimeout")]
    public async Task No_limit_of_a_call_runs_while_it_waits_for_its_slot(string shorter, string longer)
    {
        await Server.ScriptAsync(new ModelAnswer { Hang = true });
        await using var gateway = Gateway(($"OpenClaw:Models:{shorter}", "00:01:00"), ($"OpenClaw:Models:{longer}", "01:00:00"));
        var waits = new Gate();

        var first = gateway.AskAsync(Question("one"));
        await ArrivedAsync(1);
        var second = gateway.AskAsync(Question("other", waits));
        await waits.Waiting.Task;
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(504, (await first).Problem?.Status);
        await ArrivedAsync(2);

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(504, (await second).Problem?.Status);
        Assert.Equal(1, waits.Asked);
    }

    [Fact]
    public async Task A_call_that_its_asker_stops_is_not_made_and_gives_its_slot_back()
    {
        await using var gateway = Gateway();

        var stopped = await gateway.AskAsync(Question("one", new Gate { Refuses = true }));
        var next = await gateway.AskAsync(Question("one"));

        Assert.Equal(429, stopped.Problem?.Status);
        Assert.Equal("You said: ?", next.Text);
        Assert.Single(await Server.RequestsAsync());
    }

    [Fact]
    public async Task A_retry_lets_others_go_first_while_it_pauses()
    {
        var later = new Dictionary<string, string> { ["Retry-After"] = "7" };
        await Server.ScriptAsync(new ModelRule { Times = 1, Answer = new ModelAnswer { Status = 429, Headers = later } });
        await using var gateway = Gateway(("OpenClaw:Models:Retries", "1"));

        var retried = gateway.AskAsync(Question("one"));
        await _time.AwaitedAsync(TimeSpan.FromSeconds(7));
        var other = await gateway.AskAsync(Question("other"));
        Assert.Equal("You said: ?", other.Text);
        Assert.False(retried.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal("You said: ?", (await retried).Text);
    }

    private TestGateway Gateway(params (string Key, string Value)[] settings) => TestGateway.For(
        Server, _time, [("OpenClaw:Models:ConcurrentCalls", "1"), ("OpenClaw:Models:Retries", "0"), .. settings]);

    private static ModelRequest Question(string tenant, IModelCallGate? gate = null) => new()
    {
        Tenant = TenantId.Parse(tenant),
        Model = OpenAI,
        Messages = [new ChatMessage(ChatRole.User, "?")],
        Gate = gate,
    };

    private sealed class Gate : IModelCallGate
    {
        public TaskCompletionSource Waiting { get; } = new();

        public bool Refuses { get; init; }

        public int Asked { get; private set; }

        public ValueTask OnWaitingAsync()
        {
            Waiting.SetResult();
            return ValueTask.CompletedTask;
        }

        public ValueTask OnAskingAsync()
        {
            Asked++;
            return Refuses
                ? throw new ModelException(Abstractions.Errors.Problem.RateLimited(new("stop", "停"), 1))
                : ValueTask.CompletedTask;
        }
    }
}
