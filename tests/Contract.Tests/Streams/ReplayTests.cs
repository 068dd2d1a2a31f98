using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Streams;

/// <summary>Every reader may come back after any frame and misses none.</summary>
public abstract class ReplayTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : ReplayTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : ReplayTests(servers.OnPostgres);

    [Fact]
    public async Task A_client_that_reconnects_after_any_frame_misses_none()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await tenant.Client.SendMessageAsync(id, CodeQuestion, Cancellation);
        var all = await tenant.Client.ReplayAsync(id, 1, Cancellation);
        for (var i = 0; i < all.Count - 1; i++)
        {
            await using var stream = await tenant.Client.WatchAsync(id, all[i].Seq, Cancellation);
            var rest = await stream.ReadUntilAsync(frame => frame.EndsTurn, Cancellation);
            Assert.Equal(all.Skip(i + 1).Select(frame => (frame.Seq, frame.Raw)), rest.Select(frame => (frame.Seq, frame.Raw)));
        }
    }

    [Fact]
    public async Task The_header_wins_over_the_query()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await tenant.Client.SendMessageAsync(id, "hello", Cancellation);
        await using var stream = await tenant.Client.OpenStreamAsync(
            HttpMethod.Get, $"/api/sessions/{id}/stream?after=0", null, Cancellation, ("Last-Event-ID", "2"));
        Assert.Equal(3, (await stream.ReadFrameAsync(Cancellation))!.Seq);
    }

    [Fact]
    public async Task The_header_alone_resumes()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await tenant.Client.SendMessageAsync(id, "hello", Cancellation);
        await using var stream = await tenant.Client.OpenStreamAsync(
            HttpMethod.Get, $"/api/sessions/{id}/stream", null, Cancellation, ("Last-Event-ID", "1"));
        Assert.Equal(2, (await stream.ReadFrameAsync(Cancellation))!.Seq);
    }

    [Fact]
    public async Task A_stream_stays_open_after_done_and_shows_the_next_message()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await tenant.Client.SendMessageAsync(id, "hello", Cancellation);
        await using var stream = await tenant.Client.WatchAsync(id, 0, Cancellation);
        var first = await stream.ReadUntilAsync(frame => frame.EndsTurn, Cancellation);
        await tenant.Client.SendMessageAsync(id, "again", Cancellation);
        var second = await stream.ReadUntilAsync(frame => frame.EndsTurn, Cancellation);
        Assert.Equal(first[^1].Seq + 1, second[0].Seq);
        Assert.Equal("again", second[0].Text("content"));
    }

    [Fact]
    public async Task A_watcher_that_joins_in_the_middle_of_a_turn_gets_its_beginning_and_goes_on_live()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var stream = await tenant.Client.StreamMessageAsync(id, CodeQuestion, Cancellation);
        var told = await stream.ReadUntilAsync(frame => frame.Type == "text", Cancellation);
        await using var watch = await tenant.Client.WatchAsync(id, 0, Cancellation);
        told.AddRange(await stream.ReadToEndAsync(Cancellation));
        var seen = await watch.ReadUntilAsync(frame => frame.EndsTurn, Cancellation);
        Assert.Equal(told.Select(frame => (frame.Seq, frame.Raw)), seen.Skip(1).Select(frame => (frame.Seq, frame.Raw)));
    }

    [Fact]
    public async Task Many_watchers_see_the_same()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var watching = Enumerable.Range(0, 20).Select(_ => tenant.Client.ReplayAsync(id, 2, Cancellation)).ToList();
        await tenant.Client.SendMessageAsync(id, "hello", Cancellation);
        await tenant.Client.SendMessageAsync(id, "你好", Cancellation);
        var seen = await Task.WhenAll(watching);
        Assert.All(seen, frames => Assert.Equal(seen[0].Select(frame => (frame.Seq, frame.Raw)), frames.Select(frame => (frame.Seq, frame.Raw))));
        Assert.Equal(Enumerable.Range(1, seen[0].Count).Select(seq => (long)seq), seen[0].Select(frame => frame.Seq));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public async Task A_seq_that_is_none_is_refused(string after)
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        ErrorAssert.IsInvalid(await tenant.Client.GetAsync($"/api/sessions/{id}/stream?after={after}", Cancellation), "after");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(90)]
    [InlineData(200)]
    [InlineData(450)]
    [InlineData(1000)]
    public async Task A_connection_cut_at_any_byte_loses_nothing(int bytes)
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await CutAsync(tenant, id, bytes);
        var frames = await tenant.Client.ReplayAsync(id, 1, Cancellation);
        Assert.Equal(Enumerable.Range(1, frames.Count).Select(seq => (long)seq), frames.Select(frame => frame.Seq));
        var history = await tenant.Client.HistoryAsync(id, Cancellation);
        Assert.Equal(2, history.Count);
        Assert.Equal(Transcript.Bare(history[1].GetProperty("content").GetString()!), Transcript.Bare(Transcript.Of(frames)));
    }

    /// <summary>Reads exactly so many bytes of a streamed answer and closes the connection.</summary>
    private static async Task CutAsync(TestTenant tenant, string id, int bytes)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(tenant.Server.BaseAddress, $"/api/sessions/{id}/messages/stream"));
        request.Headers.TryAddWithoutValidation("X-API-Key", tenant.Key);
        request.Content = new StringContent("{\"content\":\"帮我写一段代码\"}", null, "application/json");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        await body.ReadAtLeastAsync(new byte[bytes], bytes, throwOnEndOfStream: false, Cancellation);
    }
}
