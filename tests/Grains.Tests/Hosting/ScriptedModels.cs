using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Models;

namespace OpenClaw.Grains.Tests.Hosting;

/// <summary>A model whose every word the test says. Each call of the product waits here until the test takes it up.</summary>
internal sealed class ScriptedModels : IModelGateway
{
    private readonly Channel<ModelStep> _steps = Channel.CreateUnbounded<ModelStep>();

    public int ContextTokens { get; set; } = 100_000;

    /// <summary>The next call, as soon as the product makes it.</summary>
    public async Task<ModelStep> NextAsync() =>
        await _steps.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public bool HasCall => _steps.Reader.Count > 0;

    public ModelRoute Route(string? requested) => requested == "unknown"
        ? new ModelRoute
        {
            Model = requested, ServedBy = requested, Problem = Problem.Invalid("model", Reasons.UnknownModel(requested)),
        }
        : new ModelRoute { Model = requested ?? "scripted", ServedBy = "scripted", ContextTokens = ContextTokens };

    public async IAsyncEnumerable<ModelUpdate> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var step = new ModelStep(request);
        if (request.Gate is { } gate) await gate.OnAskingAsync();
        using var cancelled = cancellationToken.Register(() => step.Cancelled.TrySetResult());
        await _steps.Writer.WriteAsync(step, cancellationToken);
        await foreach (var update in step.Updates.Reader.ReadAllAsync(cancellationToken)) yield return update;
    }
}

/// <summary>One call of a model.</summary>
internal sealed class ModelStep(ModelRequest request)
{
    public ModelRequest Request { get; } = request;

    public Channel<ModelUpdate> Updates { get; } = Channel.CreateUnbounded<ModelUpdate>();

    /// <summary>Completes when the product gives the call up.</summary>
    public TaskCompletionSource Cancelled { get; } = new();

    public ModelStep Say(string text)
    {
        Updates.Writer.TryWrite(new ModelText(text));
        return this;
    }

    public ModelStep Call(string tool, string arguments = "{}", string callId = "call-1")
    {
        Updates.Writer.TryWrite(new ModelToolCall(callId, tool, arguments));
        return this;
    }

    public void Finish(string reason = FinishReason.Stop)
    {
        Updates.Writer.TryWrite(new ModelFinished(reason, new TokenUsage(10, 5), "scripted"));
        Updates.Writer.Complete();
    }

    public void Fail(Problem problem) => Updates.Writer.Complete(new ModelException(problem));
}
