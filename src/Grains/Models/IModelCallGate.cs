namespace OpenClaw.Grains.Models;

/// <summary>What whoever asks a model does before a request leaves. Called for each attempt of a step.</summary>
public interface IModelCallGate
{
    /// <summary>The provider's slots are all taken: the request waits from now on.</summary>
    ValueTask OnWaitingAsync();

    /// <summary>A slot is there: the request leaves when the task has completed.</summary>
    /// <exception cref="ModelException">The request is not to be made.</exception>
    ValueTask OnAskingAsync();
}
