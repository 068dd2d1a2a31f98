using Microsoft.Extensions.AI;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Models.Providers;
using OpenClaw.Grains.Sessions.Context;

namespace OpenClaw.Grains.Models.Calls;

/// <summary>
/// One request to one model. <see cref="ReadTextAsync"/> gives the answer's text until it is null; then either
/// <see cref="Failure"/> says why, or the answer is complete. Nothing that arrives after a limit is given out.
/// </summary>
internal sealed class ModelAttempt : IAsyncDisposable
{
    private readonly ModelProvider _provider;
    private readonly ModelRequest _request;
    private readonly AttemptWatch _watch;
    private readonly CancellationToken _cancellation;
    private readonly AnswerReader _answer;
    private readonly IAsyncEnumerator<ChatResponseUpdate> _updates;
    private int _asciiCharacters;
    private int _otherCharacters;
    private bool _concluded;

    public ModelAttempt(
        ModelProvider provider, string model, ModelRequest request, bool streaming, AttemptWatch watch, CancellationToken cancellationToken)
    {
        _provider = provider;
        _request = request;
        _watch = watch;
        _cancellation = cancellationToken;
        _answer = provider.ReadAnswer();
        Model = model;
        var client = provider.ClientFor(model);
        var options = provider.OptionsFor(model, request);
        var updates = streaming
            ? client.GetStreamingResponseAsync(request.Messages, options, watch.Token)
            : AskOnceAsync(client, request.Messages, options, watch.Token);
        _updates = updates.GetAsyncEnumerator(watch.Token);
    }

    public string Model { get; }

    public ModelFailure? Failure { get; private set; }

    /// <summary>Text has been given out, so the attempt cannot be repeated.</summary>
    public bool HasSpoken => _asciiCharacters + _otherCharacters > 0;

    public string FinishReason => _answer.FinishReason ?? Abstractions.Sessions.FinishReason.Stop;

    /// <summary>The next piece of text, never empty, or null at the end.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask<string?> ReadTextAsync()
    {
        try
        {
            while (await _updates.MoveNextAsync())
            {
                // What has arrived too late is not even looked at.
                if (_watch.Expired || _cancellation.IsCancellationRequested) break;
                var text = _answer.Read(_updates.Current);
                if (_answer.Progressed) _watch.Heard();
                if (text is null) continue;
                Count(text);
                return text;
            }

            _cancellation.ThrowIfCancellationRequested();
            Conclude(Judge());
        }
        catch (Exception) when (_cancellation.IsCancellationRequested)
        {
            _cancellation.ThrowIfCancellationRequested();
        }
        catch (Exception exception)
        {
            // What follows the finish reason is only the count of tokens: a stream cut there is complete.
            Conclude(IsComplete ? null
                : _watch.Expired ? FailureClassifier.TimedOut(_provider, exception)
                : FailureClassifier.Classify(_provider, Model, exception, HasSpoken || _answer.HasCalls));
        }

        return null;
    }

    public IEnumerable<ModelToolCall> ReadCalls() => _answer.ReadCalls();

    /// <summary>The provider's count of tokens, or an estimate of what it left out.</summary>
    public TokenUsage ReadUsage()
    {
        if (_answer is { InputTokens: { } input, OutputTokens: { } output }) return new TokenUsage(input, output);
        var asked = _answer.InputTokens ?? TokenEstimator.Estimate(_request.Messages);
        var said = ((_asciiCharacters + 3) / 4) + _otherCharacters;
        foreach (var call in _answer.ReadCalls()) said += TokenEstimator.Estimate(call.Arguments) + TokenEstimator.PerMessage;
        return new TokenUsage(asked, _answer.OutputTokens ?? said, Estimated: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_concluded) _provider.Circuits.ReportAbandoned(Model);
        try
        {
            await _updates.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // The connection broke while it was closed; the outcome is known.
        }

        _watch.Dispose();
    }

    private bool IsComplete =>
        _answer.FinishReason is { } reason
        && (HasSpoken || _answer.HasCalls || reason == Abstractions.Sessions.FinishReason.ContentFilter);

    private static async IAsyncEnumerable<ChatResponseUpdate> AskOnceAsync(
        IChatClient client,
        IReadOnlyList<ChatMessage> messages,
        ChatOptions? options,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var response = await client.GetResponseAsync(messages, options, cancellationToken);
        foreach (var update in response.ToChatResponseUpdates()) yield return update;
    }

    /// <summary>The stream has ended without an exception: whether the answer has, too.</summary>
    private ModelFailure? Judge()
    {
        if (IsComplete) return null;
        if (_watch.Expired) return FailureClassifier.TimedOut(_provider, null);
        return _answer.FinishReason is null
            ? new ModelFailure(FailureKind.Cut, ModelProblems.Cut(_provider))
            : new ModelFailure(FailureKind.Empty, ModelProblems.Empty(_provider));
    }

    private void Conclude(ModelFailure? failure)
    {
        Failure = failure;
        _concluded = true;
        if (failure is not { CountsForCircuit: true }) _provider.Circuits.ReportAlive(Model);
        else if (failure.Kind is FailureKind.Unreachable) CircuitOpened = _provider.Circuits.ReportUnreachable(Model);
        else CircuitOpened = _provider.Circuits.ReportFailure(Model);
    }

    /// <summary>This attempt's failure opened a circuit: the server's where it was unreachable, else the model's.</summary>
    public bool CircuitOpened { get; private set; }

    private void Count(string text)
    {
        var ascii = 0;
        foreach (var c in text)
        {
            if (char.IsAscii(c)) ascii++;
        }

        _asciiCharacters += ascii;
        _otherCharacters += text.Length - ascii;
    }
}
