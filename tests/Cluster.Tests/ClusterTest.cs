using System.Globalization;
using OpenClaw.Testing.Http;

namespace OpenClaw.Cluster.Tests;

/// <summary>What tests of a cluster share: the token that ends them, and a turn of known length.</summary>
public abstract class ClusterTest
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Settings of a cluster that asks the given model server, and takes as many messages as a test sends.</summary>
    protected static Dictionary<string, string> AskingModels(string openAIBaseUrl) => new()
    {
        ["OPENAI_API_KEY"] = "test",
        ["OPENAI_BASE_URL"] = openAIBaseUrl,
        ["OpenClaw__DefaultModel"] = "scripted",
        ["OpenClaw__Limits__MessagesPerMinute"] = "100000",
    };

    /// <summary>A message whose answer has so many words, each after a pause; the model server reads it.</summary>
    protected static string AskFor(int words, int millisecondsEach) =>
        string.Create(CultureInfo.InvariantCulture, $"#tokens={words} #delay={millisecondsEach}");

    /// <summary>That answer.</summary>
    protected static string AnswerOf(int words) =>
        string.Join(' ', Enumerable.Range(1, words).Select(number => string.Create(CultureInfo.InvariantCulture, $"token{number}")));

    /// <summary>What the frames of one turn say is what the history holds, and is this.</summary>
    protected static async Task AssertAnsweredAsync(
        ApiClient client, string sessionId, IReadOnlyList<StreamFrame> frames, string answer)
    {
        Assert.Equal("done", frames[^1].Type);
        Assert.Equal(answer, Transcript.Of(frames));
        var history = await client.HistoryAsync(sessionId, Cancellation);
        Assert.Equal(["user", "assistant"], history.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(answer, history[^1].GetProperty("content").GetString());
    }

    protected static async Task<string> StartTurnAsync(ApiClient client, string content)
    {
        var sessionId = await client.CreateSessionAsync(Cancellation);
        await using var stream = await client.StreamMessageAsync(sessionId, content, Cancellation);
        Assert.Equal(200, stream.Status);
        return sessionId;
    }
}
