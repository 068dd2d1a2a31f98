using System.Diagnostics;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Cluster.Tests;

/// <summary>SIGTERM: what runs is finished or handed over, and nobody who tries again notices.</summary>
[Collection(ScriptedClusterCollection.Name), Trait("Category", "Slow")]
public sealed class StopTests(ScriptedCluster scripted, ITestOutputHelper output) : ClusterTest
{
    private const int Chats = 12;

    [Fact]
    public async Task Steps_that_end_in_time_are_finished_where_they_run()
    {
        var cluster = await scripted.WholeAsync();
        using var client = cluster.CreateAdminClient();
        var streams = new List<ApiStream>();
        for (var chat = 0; chat < Chats; chat++)
        {
            var sessionId = await client.CreateSessionAsync(Cancellation);
            streams.Add(await client.StreamMessageAsync(sessionId, AskFor(80, 50), Cancellation));
        }

        var silo = await cluster.FindSiloWithTurnAsync(Cancellation);
        var turns = await silo.CountRunningTurnsAsync(Cancellation);
        var stopping = silo.Process.StopAsync(Cancellation);
        foreach (var stream in streams)
        {
            var frames = await stream.ReadToEndAsync(Cancellation);
            await stream.DisposeAsync();
            Assert.Equal(AnswerOf(80), Transcript.Of(frames));
            Assert.Equal("done", frames[^1].Type);
            Assert.DoesNotContain(frames, frame => frame.IsStatus("recovering"));
        }

        Assert.Equal(0, await stopping);
        output.WriteLine($"{turns} turns ended on the silo that stopped");
    }

    [Fact]
    public async Task A_turn_of_several_steps_goes_on_in_another_silo_without_asking_or_running_anything_again()
    {
        var cluster = await scripted.WholeAsync();
        using var client = cluster.CreateAdminClient();
        var askedBefore = (await scripted.Models.RequestsAsync()).Count;
        var sessionId = await client.CreateSessionAsync(Cancellation);
        await using var stream = await client.StreamMessageAsync(sessionId, "#tokens=3 #first=2000 #tool=time_now", Cancellation);
        var silo = await cluster.FindSiloWithTurnAsync(Cancellation);
        await scripted.Models.WaitForRequestsAsync(askedBefore + 1, cancellationToken: Cancellation);
        var stopped = await silo.Process.StopAsync(Cancellation);
        var since = Stopwatch.GetTimestamp();

        var frames = await stream.ReadToEndAsync(Cancellation);
        output.WriteLine($"From the silo's end to the end of the turn: {Stopwatch.GetElapsedTime(since)}");
        Assert.Equal(0, stopped);
        Assert.Contains(frames, frame => frame.IsStatus("recovering"));
        Assert.Equal(["started", "succeeded"], frames.Where(frame => frame.Type == "tool").Select(frame => frame.Text("status")));
        await AssertAnsweredAsync(client, sessionId, frames, AnswerOf(3));
        Assert.Equal(askedBefore + 2, (await scripted.Models.RequestsAsync()).Count);
    }

    [Fact]
    public async Task A_rolling_restart_under_load_fails_no_request_of_a_client_that_tries_again_and_runs_no_tool_twice()
    {
        var cluster = await scripted.WholeAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var chats = Enumerable.Range(0, Chats).Select(number => new Chat(cluster, output, number, enough.Token)).ToArray();
        var running = chats.Select(chat => chat.RunAsync()).ToArray();
        foreach (var node in cluster.Nodes)
        {
            Assert.Equal(0, await node.Process.StopAsync(Cancellation));
            await node.Process.StartAsync(Cancellation);
        }

        await enough.CancelAsync();
        await Task.WhenAll(running);
        using var client = cluster.CreateAdminClient();
        foreach (var chat in chats)
            await chat.AssertWholeAsync(client);
        output.WriteLine($"{chats.Sum(chat => chat.Answered)} messages, {chats.Sum(chat => chat.Retried)} requests tried again");
    }

    /// <summary>A client that sends one message after the other and tries again where it may.</summary>
    private sealed class Chat(ClusterProcesses cluster, ITestOutputHelper output, int number, CancellationToken enough)
    {
        private string _sessionId = "";
        private int _frontend = number;

        public int Answered { get; private set; }

        public int Retried { get; private set; }

        public async Task RunAsync()
        {
            _sessionId = (await TryAsync("/api/sessions", "{}", 201)).Text("sessionId")!;
            while (!enough.IsCancellationRequested)
            {
                var content = Answered % 2 == 0 ? "#tokens=10 #delay=50" : "#tokens=5 #delay=20 #tool=time_now";
                var answer = await TryAsync($"/api/sessions/{_sessionId}/messages", new { content }, 200);
                Assert.Equal(AnswerOf(Answered % 2 == 0 ? 10 : 5), answer.Json.GetProperty("response").GetProperty("content").GetString());
                Answered++;
            }
        }

        public async Task AssertWholeAsync(ApiClient client)
        {
            var history = await client.HistoryAsync(_sessionId, Cancellation);
            Assert.Equal(
                Enumerable.Range(0, Answered * 2).Select(index => index % 2 == 0 ? "user" : "assistant"),
                history.Select(message => message.GetProperty("role").GetString()));
            var frames = await client.ReplayAsync(_sessionId, Answered, Cancellation);
            AssertSeqs(frames);
            var tools = frames.Where(frame => frame.Type == "tool").GroupBy(frame => frame.TurnId).ToList();
            Assert.Equal(Answered / 2, tools.Count);
            Assert.All(tools, turn => Assert.Equal(["started", "succeeded"], turn.Select(frame => frame.Text("status"))));
        }

        /// <summary>One request under one key, tried at the other front-end when this one refuses the connection, loses it or answers 503.</summary>
        private async Task<ApiResponse> TryAsync(string path, object body, int expected)
        {
            var key = Guid.NewGuid().ToString("n");
            while (true)
            {
                using var client = cluster.CreateAdminClient(_frontend % cluster.Frontends.Count);
                try
                {
                    var response = await client.PostAsync(path, body, Cancellation, ("Idempotency-Key", key));
                    if (response.Status != 503)
                        return SessionCalls.Require(response, expected);
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException)
                {
                    // The front-end ends, or has ended.
                    output.WriteLine($"{_sessionId} {path}: {exception.Message}");
                }

                Retried++;
                _frontend++;
                await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
            }
        }
    }
}
