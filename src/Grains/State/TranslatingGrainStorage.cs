using System.Data.Common;
using OpenClaw.Storage;
using Orleans.Storage;

namespace OpenClaw.Grains.State;

/// <summary>
/// Grain storage whose failures are those of <c>OpenClaw.Storage</c>: a driver's exception would tell the front-end nothing,
/// and does not survive a call from another silo.
/// </summary>
/// <remarks>Orleans hands it to callers as the inner exception of an <see cref="OrleansException"/> of its own.</remarks>
internal sealed class TranslatingGrainStorage(IGrainStorage inner) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        try
        {
            await inner.ReadStateAsync(stateName, grainId, grainState, cancellationToken);
        }
        catch (DbException exception) when (DatabaseFailures.IsConnectionLost(exception))
        {
            // The server may be back long since: its restart is noticed by the first use of a connection.
            await TranslateAsync(inner.ReadStateAsync(stateName, grainId, grainState, cancellationToken));
        }
        catch (DbException exception)
        {
            throw DatabaseFailures.Translate(exception);
        }
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <summary>Not repeated: a write that may have been written would find itself in its own way.</summary>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        TranslateAsync(inner.WriteStateAsync(stateName, grainId, grainState, cancellationToken));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        TranslateAsync(inner.ClearStateAsync(stateName, grainId, grainState, cancellationToken));

    private static async Task TranslateAsync(Task operation)
    {
        try
        {
            await operation;
        }
        catch (DbException exception)
        {
            throw DatabaseFailures.Translate(exception);
        }
    }
}
