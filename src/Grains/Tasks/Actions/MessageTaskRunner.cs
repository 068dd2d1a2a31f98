using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Sessions;

namespace OpenClaw.Grains.Tasks.Actions;

/// <summary>
/// Says something in a conversation and waits for the answer. Never interrupted: sent again under the attempt's id, the message finds
/// itself, and its turn goes on wherever it goes on.
/// </summary>
internal sealed class MessageTaskRunner(IGrainFactory grains, AttemptCalls calls, TurnFollower turns) : ITaskActionRunner
{
    private const string IdempotencyScope = "task";

    public TaskActionType Type => TaskActionType.Message;

    public async Task<TaskOutcome> RunAsync(TaskAttempt attempt, bool goesOn, Action begun, CancellationToken cancellationToken)
    {
        var session = SessionOf(attempt);
        SendResult? sent = null;
        var problem = await calls.StartAsync(
            // All of them may be made again.
            () => calls.AgainAsync(
                async () =>
                {
                    if (await CreateAsync(session, attempt) is { } refused) return refused;
                    sent = await session.Send(
                        new SendMessage
                        {
                            Content = attempt.Action.Content!,
                            Scopes = attempt.Scopes,
                            KeyId = attempt.KeyId,
                            Idempotency = KeyOf(attempt),
                            DeliveryId = attempt.Id,
                        },
                        CancellationToken.None);
                    return sent.Problem;
                },
                cancellationToken),
            known: null,
            begun,
            cancellationToken);
        if (problem is not null)
        {
            // What waits in the conversation will be gone some time.
            return TaskOutcome.Refused(problem) with { MayRepeat = problem.Status is >= 500 or 429 or 409 };
        }

        if (await turns.FollowAsync(session, sent!, throughApprovals: true, cancellationToken) is not { } answer)
            return TaskOutcome.Refused(Problem.NotFound("action.sessionId", Reasons.SessionNotFound));
        if (answer.Problem is { } failed) return TaskOutcome.Refused(failed);
        var result = CompactJson.WriteObject(json =>
        {
            json.WriteString("sessionId", attempt.SessionId);
            json.WriteString("messageId", answer.MessageId);
            json.WriteString("content", answer.Content);
            json.WriteString("finishReason", answer.FinishReason);
        });
        return answer.FinishReason switch
        {
            FinishReason.Cancelled => TaskOutcome.Cancelled with { Result = result },
            FinishReason.Timeout => TaskOutcome.TimedOut((int)attempt.Time.TotalMilliseconds, result),
            _ => TaskOutcome.Success(result),
        };
    }

    /// <summary>One that waits behind others cannot be taken back.</summary>
    public async Task CancelAsync(TaskAttempt attempt)
    {
        var session = SessionOf(attempt);
        if (await session.FindAccepted(KeyOf(attempt), CancellationToken.None) is { Problem: null, TurnId: var turn }
            && await session.Get(CancellationToken.None) is { ActiveTurn: { } active } && active.TurnId == turn)
        {
            await session.Cancel(CancellationToken.None);
        }
    }

    private static IdempotencyKey KeyOf(TaskAttempt attempt) => new(IdempotencyScope, attempt.Id, attempt.Id);

    private ISessionGrain SessionOf(TaskAttempt attempt) => grains.GetSession(new SessionKey(attempt.Tenant, attempt.SessionId!));

    private static async Task<Problem?> CreateAsync(ISessionGrain session, TaskAttempt attempt)
    {
        if (attempt.Action.SessionId is not null || await session.Get(CancellationToken.None) is not null) return null;
        var created = await session.Create(new CreateSession { Model = attempt.Action.Model, Title = attempt.Name }, CancellationToken.None);
        // Of two that create it the second finds it there.
        return created.Problem is { Status: 409 } ? null : created.Problem;
    }
}
