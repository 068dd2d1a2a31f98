using OpenClaw.Testing;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Limits;

/// <summary>Tenants that share one slot of a provider.</summary>
public sealed class FairnessTests
{
    private const int Queued = 1000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_thousand_queued_turns_of_one_tenant_delay_anothers_turn_by_one_slots_time()
    {
        await using var metered = await MeteredServer.StartAsync(
            DatabaseKind.Sqlite,
            Cancellation,
            ("OpenClaw__Models__ConcurrentCalls", "1"),
            ("OpenClaw__Models__FirstTokenTimeout", "00:30:00"),
            ("OpenClaw__Models__CallTimeout", "01:00:00"));
        using var busy = await metered.NewTenantAsync(Cancellation);
        using var other = await metered.NewTenantAsync(Cancellation);
        var running = await busy.Client.CreateSessionAsync(Cancellation);
        await using (await busy.Client.StreamMessageAsync(running, "#hang", Cancellation))
            await metered.Models.WaitForRequestsAsync(1, cancellationToken: Cancellation);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Queued),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation },
            async (_, token) =>
            {
                var id = await busy.Client.CreateSessionAsync(token);
                await using var stream = await busy.Client.StreamMessageAsync(id, "#hang", token);
                Assert.Equal(200, stream.Status);
            });
        await metered.WaitingAsync(Queued, Cancellation);

        var single = await other.Client.CreateSessionAsync(Cancellation);
        var answer = other.Client.SendMessageAsync(single, "hello", Cancellation);
        await metered.WaitingAsync(Queued + 1, Cancellation);
        await busy.Client.PostAsync($"/api/sessions/{running}/cancel", "{}", Cancellation);

        Assert.Equal("You said: hello", SessionCalls.Require(await answer, 200).Text("response", "content"));
        var asked = await metered.Models.RequestsAsync();
        Assert.Contains("hello", asked[1].Body, StringComparison.Ordinal);
    }
}
