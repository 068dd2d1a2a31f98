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
        TranslateAsync(inner.ReadStateAsync(stateName, grainId, grainState));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        TranslateAsync(inner.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        TranslateAsync(inner.ClearStateAsync(stateName, grainId, grainState));

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
