using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>What the sender of a message sees of its turn: everything but users' messages and what was undone, which belong to the session's stream.</summary>
internal static class TurnView
{
    /// <summary>The batch itself when nothing has to be left out.</summary>
    public static IReadOnlyList<SessionFrame> Of(IReadOnlyList<SessionFrame> batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (!IsShown(batch[i]))
                return [.. batch.Where(IsShown)];
        }

        return batch;
    }

    private static bool IsShown(SessionFrame frame) => frame.Frame is not (MessageFrame or RolledBackFrame);
}
