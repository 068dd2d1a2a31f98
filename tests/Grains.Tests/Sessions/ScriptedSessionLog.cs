using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Tests.Sessions;

/// <summary>A log whose appends the test answers: at once, late, with an outcome or with a failure.</summary>
internal sealed class ScriptedSessionLog : ISessionLog
{
    private readonly Queue<Func<Task<AppendOutcome>>> _answers = new();

    public List<SessionAppend> Appends { get; } = [];

    public void Answer(AppendOutcome outcome) => _answers.Enqueue(() => Task.FromResult(outcome));

    public void Fail(Exception failure) => _answers.Enqueue(() => Task.FromException<AppendOutcome>(failure));

    public TaskCompletionSource<AppendOutcome> AnswerLater()
    {
        var answer = new TaskCompletionSource<AppendOutcome>();
        _answers.Enqueue(() => answer.Task);
        return answer;
    }

    public Task<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken)
    {
        Appends.Add(append);
        return _answers.TryDequeue(out var answer) ? answer() : Task.FromResult(AppendOutcome.Written);
    }

    public Task<bool> CreateAsync(SessionState session, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<SessionState?> FindAsync(SessionKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<SessionEventState>> ReadAsync(
        SessionKey key, long afterSeq, int maxEvents, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<SessionEventState>> ReadMessagesAsync(
        SessionKey key, long fromSeq, bool descending, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<SessionEventState?> FindDoneAsync(
        SessionKey key, string turnId, long afterSeq, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<SessionSummaryState?> FindSummaryAsync(SessionKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SaveSummaryAsync(SessionKey key, SessionSummaryState summary, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<SessionState>> ListAsync(
        TenantId tenant, SessionListPosition? before, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<SessionKey>> ListRunningAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ActiveSessionState>> ListActiveAsync(
        TenantId? tenant, SessionKey? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<TenantId>> FindTenantsAsync(
        string sessionId, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(SessionKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DeleteSomeAsync(TenantId tenant, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<SessionKey>> ListRunningAsync(TenantId tenant, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
