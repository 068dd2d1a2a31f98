using System.Collections.Concurrent;
using System.Diagnostics;
using OpenClaw.Grains.Abstractions.Diagnostics;
using OpenClaw.ModelServer;

namespace OpenClaw.Grains.Tests.Models;

public sealed class ModelTelemetryTests(ModelServerFixture fixture) : ModelTest(fixture)
{
    [Fact]
    public async Task A_call_is_one_span_that_tells_the_model_and_the_tokens_but_no_content()
    {
        await using var gateway = TestGateway.For(Server);
        using var spans = new Spans("gpt-traced");

        await gateway.AskAsync("gpt-traced", "#say=a-secret-answer");

        var span = Assert.Single(spans.Ended);
        Assert.Equal(("model.call", ActivityKind.Client), (span.OperationName, span.Kind));
        Assert.Equal("openai", span.GetTagItem("gen_ai.provider.name"));
        Assert.Equal("gpt-traced", span.GetTagItem("gen_ai.response.model"));
        Assert.Equal(7L, span.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.DoesNotContain(span.TagObjects, tag => $"{tag.Value}".Contains("secret", StringComparison.Ordinal));
        Assert.Contains("traceparent", (await Server.RequestsAsync())[0].Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_failed_call_is_a_failed_span()
    {
        await Server.ScriptAsync(new ModelAnswer { Status = 401 });
        await using var gateway = TestGateway.For(Server);
        using var spans = new Spans("gpt-failed");

        await gateway.AskAsync("gpt-failed", "?");

        var span = Assert.Single(spans.Ended);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("unauthorized", span.GetTagItem("error.type"));
    }

    /// <summary>The spans of one model, so that tests beside this one do not count.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ActivityListener _listener;

        public Spans(string model)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == OpenClawDiagnostics.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = span =>
                {
                    if (span.GetTagItem("gen_ai.request.model") as string == model) Ended.Enqueue(span);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public ConcurrentQueue<Activity> Ended { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}
