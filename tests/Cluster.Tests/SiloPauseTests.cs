using System.Diagnostics;
using OpenClaw.Testing.Http;

namespace OpenClaw.Cluster.Tests;

/// <summary>
/// The silo that runs a turn stands still: its connections stay open, and later it goes on where it was, not knowing that
/// it has been given up.
/// </summary>
[Collection(ScriptedClusterCollection.Name), Trait("Category", "Slow")]
public sealed class SiloPauseTests(ScriptedCluster scripted, ITestOutputHelper output) : ClusterTest
{
    private const int Words = 100;

    [Fact]
    public async Task A_turn_goes_on_elsewhere_and_the_silo_that_wakes_up_changes_nothing_and_ends()
    {
        var cluster = await scripted.WholeAsync();
        using var client = cluster.CreateAdminClient();
        var sessionId = await client.CreateSessionAsync(Cancellation);
        await using var stream = await client.StreamMessageAsync(sessionId, AskFor(Words, 50), Cancellation);
        var silo = await cluster.FindSiloWithTurnAsync(Cancellation);
        silo.Process.Pause();
        var paused = Stopwatch.GetTimestamp();
        TimeSpan noticed;
        List<StreamFrame> frames;
        try
        {
            frames = await stream.ReadUntilAsync(frame => frame.IsStatus("recovering"), Cancellation);
            noticed = Stopwatch.GetElapsedTime(paused);
            frames.AddRange(await stream.ReadToEndAsync(Cancellation));
        }
        finally
        {
            silo.Process.Continue();
        }

        await silo.Process.WaitForExitAsync(Cancellation);
        await AssertAnsweredAsync(client, sessionId, frames, AnswerOf(Words));
        output.WriteLine($"From the pause to the next frame: {noticed}");
    }
}
