using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Grains.Tests.Tenants;
using OpenClaw.Testing;

namespace OpenClaw.Grains.Tests.Sessions;

/// <summary>A tenant that may run one turn at once.</summary>
public sealed class ConcurrentTurnTests : IAsyncLifetime
{
    private SiloHost _silo = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _silo = await SiloHost.StartAsync(("OpenClaw:Limits:ConcurrentTurns", "1"));

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task A_turn_above_the_limit_waits_and_goes_on_when_another_has_ended()
    {
        var (first, second, waiting) = await StartTwoAsync();
        Assert.False(_silo.Models.HasCall);

        first.Say("one").Finish();
        var step = await _silo.Models.NextAsync();
        step.Say("two").Finish();

        Assert.Equal("two", (await second.AnswerAsync(waiting)).Content);
        Assert.Equal(new TokenUsage(10, 5), (await second.AnswerAsync(waiting)).Usage);
    }

    [Fact]
    public async Task A_raised_limit_lets_the_waiting_turn_go_on()
    {
        var (first, second, waiting) = await StartTwoAsync();

        var limits = TenantTest.Limits() with { ConcurrentTurns = 2 };
        Assert.True(await _silo.Grains.GetTenant(new TenantKey(TenantId.Default)).SetLimits(limits, Cancellation));
        (await _silo.Models.NextAsync()).Say("two").Finish();

        Assert.Equal("two", (await second.AnswerAsync(waiting)).Content);
        first.Finish();
    }

    [Fact]
    public async Task A_waiting_turn_that_is_cancelled_ends_and_has_used_nothing()
    {
        var (first, second, waiting) = await StartTwoAsync();

        await second.Grain.Cancel(Cancellation);
        var answer = await second.AnswerAsync(waiting);

        Assert.Equal((FinishReason.Cancelled, TokenUsage.Zero), (answer.FinishReason, answer.Usage));
        Assert.False(_silo.Models.HasCall);
        first.Finish();
    }

    /// <summary>One turn asks its model, the other's wait is durable.</summary>
    private async Task<(ModelStep First, TestSession Second, string Waiting)> StartTwoAsync()
    {
        var first = await _silo.CreateSessionAsync();
        await first.SendAsync("first");
        var step = await _silo.Models.NextAsync();
        var second = await _silo.CreateSessionAsync();
        var sent = await second.SendAsync("second");
        await Eventually.IsSoAsync(async () =>
            MailboxCodec.Decode((await _silo.Log.FindAsync(second.Key, Cancellation))!.Mailbox).Running is { Waits: true });
        return (step, second, sent.TurnId);
    }
}
