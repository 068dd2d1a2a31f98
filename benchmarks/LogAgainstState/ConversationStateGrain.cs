using OpenClaw.Grains.State;

namespace OpenClaw.Benchmarks.LogAgainstState;

/// <inheritdoc cref="IConversationStateGrain"/>
internal sealed class ConversationStateGrain(
    [PersistentState("benchmark-conversation", StateStorage.Provider)] IPersistentState<ConversationState> state)
    : Grain, IConversationStateGrain
{
    public Task Fill(int messages)
    {
        for (var i = 0; i < messages; i++) state.State.Messages.Add(Program.Message);
        return state.WriteStateAsync();
    }

    public Task Append(string message)
    {
        state.State.Messages.Add(message);
        return state.WriteStateAsync();
    }
}

/// <summary>All messages, written whole on each change.</summary>
internal sealed class ConversationState
{
    public List<string> Messages { get; set; } = [];
}
