using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Scheduling;

namespace OpenClaw.Grains.Sessions;

/// <summary>Follows a turn wherever it goes on, for those who want its end and not its frames.</summary>
internal sealed class TurnFollower(TimeProvider time)
{
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How the turn ended; null when the conversation is gone.</summary>
    /// <param name="session">The turn's conversation.</param>
    /// <param name="sent">The message that it answers.</param>
    /// <param name="throughApprovals">Whether to wait on while the turn waits for somebody's approval; else that is its end.</param>
    /// <param name="cancellationToken">Gives up following; the turn goes on.</param>
    public async Task<TurnAnswer?> FollowAsync(ISessionGrain session, SendResult sent, bool throughApprovals, CancellationToken cancellationToken)
    {
        var seq = sent.Seq;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var batch = await session.Read(new FrameCursor(seq, sent.TurnId, 500, 1000), CancellationToken.None).WaitAsync(ReadPatience, time, cancellationToken);
                seq = batch.ThroughSeq;
                if (batch.Status is FrameBatchStatus.Gone) return null;
                var waits = !throughApprovals && batch.Frames.Any(static frame => frame.Frame is ApprovalFrame);
                if (batch.Status is not FrameBatchStatus.TurnEnded && !waits) continue;
                if (await session.GetAnswer(sent.TurnId, cancellationToken) is { } answer) return answer;
            }
            catch (Exception failure) when (LostCalls.IsLost(failure, cancellationToken))
            {
                // Its silo has died, or the database is away: it goes on elsewhere, or later.
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }
}
