namespace OpenClaw.Grains.State;

/// <summary>Writing of grains' stored states.</summary>
internal static class StateWrites
{
    /// <summary>Writes a state. Whatever fails then, it may have been written all the same: the grain leaves, and its next call reads anew.</summary>
    public static async Task WriteAsync<T>(this IPersistentState<T> state, T next, IGrainBase grain)
    {
        state.State = next;
        try
        {
            await state.WriteStateAsync(CancellationToken.None);
        }
        catch
        {
            grain.DeactivateOnIdle();
            throw;
        }
    }
}
