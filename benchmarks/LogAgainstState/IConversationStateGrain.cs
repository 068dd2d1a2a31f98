namespace OpenClaw.Benchmarks.LogAgainstState;

/// <summary>A conversation kept as grain state: the alternative that the session log is measured against.</summary>
internal interface IConversationStateGrain : IGrainWithStringKey
{
    /// <summary>Fills the conversation, written once.</summary>
    Task Fill(int messages);

    /// <summary>Adds one message and writes the state.</summary>
    Task Append(string message);
}
