using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Surface;

/// <summary>A server whose limits are so low that it is always above them.</summary>
public sealed class LoadTests(Servers servers) : ContractTest(servers.OnSqlite)
{
    [Fact]
    public async Task A_server_without_memory_to_spare_refuses_new_work_and_says_when_to_come_back()
    {
        await using var server = await StartAsync(("RefuseAboveMemory", "1"));
        using var client = server.CreateAdminClient();

        var refused = await client.PostAsync("/api/sessions", "{}", Cancellation, ("Idempotency-Key", "once"));

        ErrorAssert.IsError(refused, 503, "INTERNAL_ERROR");
        Assert.Equal("5", refused.Header("Retry-After"));
        Assert.Equal(200, (await client.GetAsync("/api/sessions", Cancellation)).Status);
        Assert.Equal(200, (await client.GetAsync("/readyz", Cancellation)).Status);
        ErrorAssert.IsError(await client.PostAsync("/api/sessions", "{}", Cancellation, ("Idempotency-Key", "once")), 503, "INTERNAL_ERROR");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_turn_whose_activation_is_collected_for_want_of_memory_goes_on_to_its_end()
    {
        await using var server = await StartAsync(("CollectAboveMemory", "1"), ("CollectToMemory", "0.5"));
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation);

        await using var stream = await client.StreamMessageAsync(id, CodeQuestion, Cancellation);
        var frames = await stream.ReadToEndAsync(Cancellation);

        Assert.Equal(("done", "stop"), (frames[^1].Type, frames[^1].Text("finishReason")));
        Assert.Equal(2, (await client.HistoryAsync(id, Cancellation)).Count);
    }

    [Theory]
    [InlineData("RefuseAboveMemory", "101")]
    [InlineData("CollectToMemory", "0")]
    [InlineData("CollectToMemory", "90")]
    public async Task A_setting_that_cannot_be_used_is_named(string setting, string value)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync((setting, value)));

        Assert.Contains($"OpenClaw:Load:{setting} must be", failure.Message, StringComparison.Ordinal);
    }

    private static Task<ServerProcess> StartAsync(params (string Name, string Value)[] settings) => ServerProcess.StartAsync(
        new ServerSettings
        {
            // The turn takes about ten seconds, and memory is looked at every five.
            OfflineChunkDelayMilliseconds = 150,
            // Of a quarter of a gigabyte, so that a server at rest uses more than the least percentages there are.
            Environment = settings.Select(setting => ($"OpenClaw__Load__{setting.Name}", setting.Value))
                .Append(("DOTNET_GCHeapHardLimit", "0x10000000"))
                .ToDictionary(),
        },
        Cancellation);
}
