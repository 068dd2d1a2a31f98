using System.Globalization;
using OpenClaw.Testing.Http;

namespace OpenClaw.Cluster.Tests;

/// <summary>A front-end dies; its clients go on at the other.</summary>
[Collection(ScriptedClusterCollection.Name), Trait("Category", "Slow")]
public sealed class FrontendKillTests(ScriptedCluster scripted) : ClusterTest
{
    private const int Words = 60;

    [Fact]
    public async Task A_client_that_reconnects_elsewhere_with_its_last_event_id_misses_no_frame()
    {
        var cluster = await scripted.WholeAsync();
        using var first = cluster.CreateAdminClient(0);
        using var second = cluster.CreateAdminClient(1);
        var sessionId = await first.CreateSessionAsync(Cancellation);
        await using var cut = await first.StreamMessageAsync(sessionId, AskFor(Words, 50), Cancellation);
        var frames = await cut.ReadUntilAsync(frame => frame.Type == "text", Cancellation);

        cluster.Frontends[0].Process.Kill();
        await using var rest = await second.OpenStreamAsync(
            HttpMethod.Get, $"/api/sessions/{sessionId}/stream", null, Cancellation,
            ("Last-Event-ID", frames[^1].Seq.ToString(CultureInfo.InvariantCulture)));
        frames.AddRange(await rest.ReadUntilAsync(frame => frame.EndsTurn, Cancellation));

        await AssertAnsweredAsync(second, sessionId, frames, AnswerOf(Words));
        AssertSeqs(frames);
        Assert.DoesNotContain(frames, frame => frame.IsStatus("recovering"));
    }
}
