using System.Text.RegularExpressions;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Streams;

/// <summary>The built-in model: deterministic, in the language of the question, with fenced code when asked for code.</summary>
public abstract partial class OfflineAnswerTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : OfflineAnswerTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : OfflineAnswerTests(servers.OnPostgres);

    [Theory]
    [InlineData("帮我写一段代码", true)]
    [InlineData("Write me some code", false)]
    public async Task A_request_for_code_is_answered_in_its_language_with_code_apart_from_the_text(string question, bool chinese)
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var stream = await tenant.Client.StreamMessageAsync(id, question, Cancellation);
        var frames = await stream.ReadToEndAsync(Cancellation);
        var content = (await tenant.Client.HistoryAsync(id, Cancellation))[^1].GetProperty("content").GetString()!;

        var text = string.Concat(frames.Where(frame => frame.Type == "text").Select(frame => frame.Text("content")));
        var code = string.Concat(frames.Where(frame => frame.Type == "code").Select(frame => frame.Text("content")));
        Assert.Equal(chinese, text.Any(character => character is >= '\u4e00' and <= '\u9fff'));
        Assert.DoesNotContain("```", text, StringComparison.Ordinal);
        Assert.DoesNotContain("```", code, StringComparison.Ordinal);

        var fence = Fence().Match(content);
        Assert.True(fence.Success, content);
        Assert.Equal(fence.Groups["code"].Value.TrimEnd('\n'), code.TrimEnd('\n'));
        Assert.All(
            frames.Where(frame => frame.Type == "code"),
            frame => Assert.Equal(fence.Groups["language"].Value, frame.Text("language")));
        Assert.Equal(Transcript.Bare(content), Transcript.Bare(Transcript.Of(frames)));
    }

    [Theory]
    [InlineData("帮我写一段代码")]
    [InlineData("Write me some code")]
    [InlineData("你好")]
    [InlineData("What can you do?")]
    public async Task The_same_question_has_the_same_answer_streamed_or_not(string question)
    {
        using var tenant = await NewTenantAsync();
        var answers = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var id = await tenant.Client.CreateSessionAsync(Cancellation);
            answers.Add((await tenant.Client.SendMessageAsync(id, question, Cancellation)).Text("response", "content")!);
        }

        var streamed = await tenant.Client.CreateSessionAsync(Cancellation);
        await using (var stream = await tenant.Client.StreamMessageAsync(streamed, question, Cancellation))
            await stream.ReadToEndAsync(Cancellation);
        answers.Add((await tenant.Client.HistoryAsync(streamed, Cancellation))[^1].GetProperty("content").GetString()!);
        Assert.Single(answers.Distinct());
        Assert.False(string.IsNullOrWhiteSpace(answers[0]));
    }

    [GeneratedRegex(@"^```(?<language>\S+)[^\n]*\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
