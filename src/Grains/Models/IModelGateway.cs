namespace OpenClaw.Grains.Models;

/// <summary>The models: which one answers a session, and its answer as it comes. Everything that calls a provider goes through here.</summary>
public interface IModelGateway
{
    /// <summary>Finds the model that answers for a name (null: the default model). Never calls out.</summary>
    ModelRoute Route(string? requested);

    /// <summary>
    /// One step: asks the model and gives its answer as it comes, <see cref="ModelFinished"/> last. Retries, time-outs,
    /// the circuit breaker and fallback models are behind it; nothing is retried once text has been given out. While all
    /// slots of the provider are taken the call waits its tenant's turn; no time limit runs meanwhile.
    /// </summary>
    /// <exception cref="ModelException">The provider failed or refused; holds what the caller is told.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing follows.</exception>
    IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, CancellationToken cancellationToken);
}
