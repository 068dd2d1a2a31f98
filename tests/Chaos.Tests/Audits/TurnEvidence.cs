using OpenClaw.Chaos.Tests.Clients;
using OpenClaw.ModelServer;
using OpenClaw.Testing.Http;

namespace OpenClaw.Chaos.Tests.Audits;

/// <summary>One turn as those saw it that took part in it.</summary>
/// <param name="Script">What was asked.</param>
/// <param name="Frames">What the session's log shows.</param>
/// <param name="Answer">What stands in the history.</param>
/// <param name="Asked">What the model server was asked, in its own order.</param>
/// <param name="Runs">What the tool wrote down.</param>
internal sealed record TurnEvidence(
    MessageScript Script,
    IReadOnlyList<StreamFrame> Frames,
    string Answer,
    IReadOnlyList<RecordedRequest> Asked,
    ILookup<string, ToolRun> Runs)
{
    /// <summary>True when the turn went on after a crash, so that a step of it may have been asked again.</summary>
    public bool Recovered => Frames.Any(frame => frame.IsStatus("recovering"));
}
