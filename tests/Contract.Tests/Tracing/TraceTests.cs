using OpenClaw.ModelServer;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;
using OpenClaw.Testing.Tracing;

namespace OpenClaw.Contract.Tests.Tracing;

/// <summary>One trace leads from a client's request through the grains and the turn to the model.</summary>
public sealed class TraceTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string OtherTraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string CallersSpan = "00f067aa0ba902b7";
    private const int Server = 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_trace_of_a_streamed_message_goes_on_to_the_model_without_a_gap()
    {
        await using var model = await ModelServerProcess.StartAsync(Cancellation);
        await using var receiver = new OtlpReceiver();
        await using var server = await ServerProcess.StartAsync(
            new ServerSettings
            {
                Environment = new Dictionary<string, string>(receiver.Environment)
                {
                    ["OPENAI_API_KEY"] = "openai-secret-key",
                    ["OPENAI_BASE_URL"] = model.OpenAIBaseUrl,
                },
            },
            Cancellation);
        using var client = server.CreateAdminClient();
        var session = await client.CreateSessionAsync(Cancellation, new { model = "gpt-traced" });

        await using (var stream = await client.StreamMessageAsync(
            session, "#say=hello", Cancellation, headers: Traced(TraceId)))
        {
            await stream.ReadUntilAsync(frame => frame.EndsTurn, Cancellation);
        }

        Assert.Equal(0, await server.StopAsync(Cancellation));
        var trace = receiver.Spans.Where(span => span.TraceId == TraceId).ToDictionary(span => span.SpanId);
        var request = Assert.Single(trace.Values, span => span.Kind == Server && span.ParentSpanId == CallersSpan);
        Assert.All(trace.Values, span => Assert.True(
            span.SpanId == request.SpanId || trace.ContainsKey(span.ParentSpanId), $"The parent of '{span}' is missing."));
        var sends = trace.Values.Where(span => span.Name == "ISessionGrain/Send").Select(span => span.SpanId);
        var turn = Assert.Single(trace.Values, span => span is { Scope: "OpenClaw", Name: "turn" });
        Assert.Contains(turn.ParentSpanId, sends);
        var call = Assert.Single(trace.Values, span => span is { Scope: "OpenClaw", Name: "model.call" });
        Assert.Equal(turn.SpanId, call.ParentSpanId);
        // Beside it there may be a look at the tenant's limits, which are known for a second.
        var post = Assert.Single(trace.Values, span => span.ParentSpanId == call.SpanId && span.Scope == "System.Net.Http");
        var asked = Assert.Single(await model.RequestsAsync());
        Assert.Equal($"00-{TraceId}-{post.SpanId}-01", asked.Headers["traceparent"]);
    }

    [Fact]
    public async Task A_turn_that_had_to_wait_or_was_cut_by_a_crash_stays_in_the_trace_of_its_message()
    {
        await using var receiver = new OtlpReceiver();
        await using var server = await ServerProcess.StartAsync(
            new ServerSettings { Environment = receiver.Environment, OfflineChunkDelayMilliseconds = 50 }, Cancellation);
        using var client = server.CreateAdminClient();
        var session = await client.CreateSessionAsync(Cancellation);
        await using (var running = await client.StreamMessageAsync(session, "你好", Cancellation, headers: Traced(TraceId)))
        await using (await client.StreamMessageAsync(session, "再见", Cancellation, headers: Traced(OtherTraceId)))
        {
            await running.ReadUntilAsync(frame => frame.Type == "text", Cancellation);
            server.Kill();
        }

        await server.RestartAsync(Cancellation);
        await client.ReplayAsync(session, turns: 2, Cancellation);
        Assert.Equal(0, await server.StopAsync(Cancellation));

        foreach (var trace in new[] { TraceId, OtherTraceId })
        {
            var turn = Assert.Single(receiver.Spans, span => span.TraceId == trace && span.Name == "turn");
            Assert.Contains(receiver.Spans, span => span.ParentSpanId == turn.SpanId && span.Name == "model.call");
        }
    }

    private static (string Name, string Value) Traced(string traceId) => ("traceparent", $"00-{traceId}-{CallersSpan}-01");
}
