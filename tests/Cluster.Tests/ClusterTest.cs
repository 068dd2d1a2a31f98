using System.Globalization;
using OpenClaw.Testing.Http;

namespace OpenClaw.Cluster.Tests;

/// <summary>What tests of a cluster share: the token that ends them, and a turn of known length.</summary>
public abstract class ClusterTest
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

    /// <summary>The seqs rise by one, but right before <c>recovering</c>.</summary>
    protected static void AssertSeqs(IReadOnlyList<StreamFrame> frames)
    {
        for (var i = 1; i < frames.Count; i++)
        {
            Assert.True(
                frames[i].Seq == frames[i - 1].Seq + 1 || (frames[i].Seq > frames[i - 1].Seq && frames[i].IsStatus("recovering")),
                $"{frames[i - 1]}\n{frames[i]}");
        }
    }
}
