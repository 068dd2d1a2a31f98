using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Reference;

/// <summary>The reference's section 流式响应.</summary>
public abstract class StreamReferenceTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : StreamReferenceTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : StreamReferenceTests(servers.OnPostgres);

    private const string StreamBody = """
        {
          "content": "帮我写一段代码"
        }
        """;

    [Fact]
    public async Task A_request_for_code_streams_text_code_and_done()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var stream = await tenant.Client.OpenStreamAsync(
            HttpMethod.Post, $"/api/sessions/{id}/messages/stream", StreamBody, Cancellation);
        Assert.Equal(200, stream.Status);
        Assert.Equal("text/event-stream", stream.ContentType);
        var frames = await stream.ReadToEndAsync(Cancellation);
        Assert.All(frames, frame => Assert.True(frame.Type is "text" or "code" or "done", frame.ToString()));
        Assert.True(frames.Count(frame => frame.Type == "text") > 1, "The text comes in pieces.");
        Assert.Contains(frames, frame => frame.Type == "code");
        Assert.All(frames.Where(frame => frame.Type is "text" or "code"), frame => Assert.False(string.IsNullOrEmpty(frame.Text("content"))));
        Assert.Equal("done", frames[^1].Type);
        Assert.Equal("text", frames.First(frame => frame.Type != "status").Type);
    }

    [Fact]
    public async Task A_frame_is_one_line_of_data_whose_text_can_be_read()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var stream = await tenant.Client.OpenStreamAsync(
            HttpMethod.Post, $"/api/sessions/{id}/messages/stream", StreamBody, Cancellation);
        var data = new List<string>();
        while (await stream.ReadAsync(Cancellation) is { } next)
        {
            if (next.Comment is not null)
                continue;
            Assert.Null(next.Event);
            Assert.NotNull(next.Id);
            data.Add(next.Data!);
        }

        Assert.All(data, line => Assert.DoesNotContain('\n', line));
        Assert.All(data, line => Assert.DoesNotContain("\\u", line, StringComparison.Ordinal));
        Assert.Contains(data, line => line.Any(character => character is >= '\u4e00' and <= '\u9fff'));
    }
}
