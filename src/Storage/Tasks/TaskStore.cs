using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Tasks;

/// <inheritdoc/>
internal sealed class TaskStore(ISqlDatabase database, TimeProvider time) : ITaskStore
{
    private const int RemovePiece = 500;

    /// <summary>Of results that one list brings, in bytes.</summary>
    private const int MaxListed = 4 * 1024 * 1024;

    public async Task<bool> AddAsync(TaskRowState task, int most, CancellationToken cancellationToken) => await database.WriteAsync(
        TaskStatements.AddTask,
        // One after the other: each counts those before it.
        task.Key.Tenant.Value,
        [
            .. KeyOf(task.Key), SqlValue.Of(task.CreatedAt), SqlValue.Of(task.KeyId), SqlValue.Of(Guid.NewGuid()), SqlValue.Of(task.Through),
            SqlValue.Of(task.NextAt), SqlValue.Of(most),
        ],
        cancellationToken) > 0;

    public ValueTask<TaskRowState?> FindAsync(TaskKey task, CancellationToken cancellationToken) => database.FindAsync(
        TaskStatements.FindTask,
        KeyOf(task),
        row => new TaskRowState
        {
            Key = task,
            CreatedAt = row.GetTime(0),
            KeyId = row.GetTextOrNull(1),
            Revision = row.GetInt64(2),
            Through = row.GetTime(3),
            NextAt = row.GetTimeOrNull(4),
            Failures = (int)row.GetInt64(5),
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<(TaskKey Key, DateTimeOffset CreatedAt)>> ListAsync(
        TenantId tenant, DateTimeOffset before, string beforeId, int limit, CancellationToken cancellationToken) => database.ListAsync(
        TaskStatements.ListTasks,
        [SqlValue.Of(tenant.Value), SqlValue.Of(before), SqlValue.Of(beforeId), SqlValue.Of(limit)],
        row => (new TaskKey(tenant, row.GetText(0)), row.GetTime(1)),
        cancellationToken);

    public ValueTask<IReadOnlyList<TaskKey>> ListOverdueAsync(DateTimeOffset at, int limit, CancellationToken cancellationToken) =>
        database.ListAsync(TaskStatements.ListOverdueTasks, [SqlValue.Of(at), SqlValue.Of(limit)], ReadKey, cancellationToken);

    public ValueTask<IReadOnlyList<TaskKey>> ListUnfinishedAsync(TaskKey? after, int limit, CancellationToken cancellationToken) => database.ListAsync(
        TaskStatements.ListUnfinishedTasks,
        [SqlValue.Of(after?.Tenant.Value ?? ""), SqlValue.Of(after?.TaskId ?? ""), SqlValue.Of(limit)],
        ReadKey,
        cancellationToken);

    public ValueTask<IReadOnlyList<TaskKey>> ListOfKeyAsync(string keyId, string afterId, int limit, CancellationToken cancellationToken) =>
        database.ListAsync(
            TaskStatements.ListTasksOfKey, [SqlValue.Of(keyId), SqlValue.Of(afterId), SqlValue.Of(limit)], ReadKey, cancellationToken);

    public async Task<(bool Moved, bool Added)> MoveAsync(
        TaskRowState task, TaskRunState? run, OutboxEntry? told, CancellationToken cancellationToken)
    {
        var change = SqlValue.Of(Guid.NewGuid());
        var steps = new List<SqlStep>();
        if (run is null && told is not null)
        {
            steps.Add(new SqlStep(TaskStatements.TellTask,
            [
                .. KeyOf(task.Key), SqlValue.Of(task.Revision), SqlValue.Of(told.EventId), SqlValue.Of(told.Type), SqlValue.Of(time.GetUtcNow()),
                SqlValue.Of(told.Payload),
            ]));
        }

        var set = steps.Count;
        steps.Add(new SqlStep(TaskStatements.SetTask,
        [
            .. KeyOf(task.Key), SqlValue.Of(task.Revision), change, SqlValue.Of(task.KeyId), SqlValue.Of(task.Through), SqlValue.Of(task.NextAt),
            SqlValue.Of(task.Failures),
        ]));
        if (run is not null && told is not null) steps.Add(new SqlStep(TaskStatements.TellTaskRun, [.. KeyOf(run), change, .. ValuesOf(run, told)]));
        if (run is not null)
        {
            steps.Add(new SqlStep(TaskStatements.AddTaskRun,
            [
                .. KeyOf(run), SqlValue.Of(run.RunId), SqlValue.Of(NameOf(run.Status)), SqlValue.Of(run.Attempt), SqlValue.Of(run.Claim),
                SqlValue.Of(run.StartedAt), SqlValue.Of(run.FinishedAt), SqlValue.Of(run.NextAttemptAt), SqlValue.Of(run.SessionId),
                SqlValue.Of(run.Error), SqlValue.Of(run.Result), change,
            ]));
        }

        var changed = await database.WriteAsync(LaneOf(task.Key), steps, cancellationToken);
        return (changed[set] > 0, run is not null && changed[^1] > 0);
    }

    public Task RemoveAsync(TaskKey task, CancellationToken cancellationToken) =>
        database.WriteAsync(TaskStatements.RemoveTask, LaneOf(task), KeyOf(task), cancellationToken);

    public async Task<IReadOnlyList<TaskRunState>> ClaimRunsAsync(TaskKey task, Guid claim, CancellationToken cancellationToken)
    {
        var unfinished = await ListUnfinishedRunsAsync(task, cancellationToken);
        if (unfinished.Count == 0) return unfinished;
        await database.WriteAsync(TaskStatements.ClaimTaskRuns, LaneOf(task), [.. KeyOf(task), SqlValue.Of(claim)], cancellationToken);
        // Whoever had them may have ended some meanwhile, and begun others.
        return [.. (await ListUnfinishedRunsAsync(task, cancellationToken)).Where(run => run.Claim == claim)];
    }

    public async Task<bool> GoOnAsync(TaskRunState run, OutboxEntry? told, CancellationToken cancellationToken)
    {
        List<SqlStep> steps = told is null
            ? [SetOf(run)]
            : [HoldOf(run), new SqlStep(TaskStatements.TellTaskStart, [.. ClaimOf(run), .. ValuesOf(run, told)]), SetOf(run)];
        return (await database.WriteAsync(LaneOf(run.Key), steps, cancellationToken))[^1] > 0;
    }

    public async Task<bool> EndAsync(TaskRunState run, TaskFailures? failures, IReadOnlyList<OutboxEntry> told, CancellationToken cancellationToken)
    {
        List<SqlStep> steps = [HoldOf(run)];
        steps.AddRange(told.Select(entry => new SqlStep(TaskStatements.TellTaskEnd, [.. ClaimOf(run), .. ValuesOf(run, entry)])));
        if (failures is { } change)
            steps.Add(new SqlStep(TaskStatements.CountTaskFailures, [.. ClaimOf(run), SqlValue.Of(change.Count), SqlValue.Of(change.Pauses ? 1 : 0)]));
        steps.Add(SetOf(run));
        return (await database.WriteAsync(LaneOf(run.Key), steps, cancellationToken))[^1] > 0;
    }

    public async ValueTask<(IReadOnlyList<TaskRunState> Runs, bool IsCut)> ListRunsAsync(
        TaskKey task, DateTimeOffset before, bool beforeIsManual, int limit, CancellationToken cancellationToken)
    {
        var listed = new Listed(task, []);
        await database.ReadAsync(
            TaskStatements.ListTaskRuns,
            [.. KeyOf(task), SqlValue.Of(before), SqlValue.Of(beforeIsManual ? 1 : 0), SqlValue.Of(limit)],
            listed,
            static (row, listed) =>
            {
                var run = ReadRun(listed.Task, row);
                listed.Bytes += run.Result?.Length ?? 0;
                listed.IsCut = listed.Runs.Count > 0 && listed.Bytes > MaxListed;
                if (!listed.IsCut) listed.Runs.Add(run);
                return !listed.IsCut;
            },
            cancellationToken);
        return (listed.Runs, listed.IsCut);
    }

    public ValueTask<TaskRunState?> FindLastRunAsync(TaskKey task, CancellationToken cancellationToken) =>
        database.FindAsync(TaskStatements.FindLastTaskRun, KeyOf(task), row => ReadRun(task, row), cancellationToken);

    public Task TrimRunsAsync(TaskKey task, int keep, CancellationToken cancellationToken) =>
        database.WriteAsync(TaskStatements.TrimTaskRuns, LaneOf(task), [.. KeyOf(task), SqlValue.Of(keep - 1)], cancellationToken);

    public async Task<bool> RemoveSomeRunsAsync(TaskKey task, CancellationToken cancellationToken) => await database.WriteAsync(
        TaskStatements.RemoveTaskRuns, LaneOf(task), [.. KeyOf(task), SqlValue.Of(RemovePiece)], cancellationToken) > 0;

    public Task<int> PurgeRunsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(TaskStatements.PurgeTaskRuns, "", [SqlValue.Of(before), SqlValue.Of(limit)], cancellationToken);

    public async Task<bool> RemoveSomeRunsAsync(TenantId tenant, CancellationToken cancellationToken) => await database.WriteAsync(
        TaskStatements.RemoveTenantTaskRuns, tenant.Value, [SqlValue.Of(tenant.Value), SqlValue.Of(RemovePiece)], cancellationToken) > 0;

    private ValueTask<IReadOnlyList<TaskRunState>> ListUnfinishedRunsAsync(TaskKey task, CancellationToken cancellationToken) =>
        database.ListAsync(TaskStatements.ListUnfinishedTaskRuns, KeyOf(task), row => ReadRun(task, row), cancellationToken);

    private static string LaneOf(TaskKey task) => task.ToString();

    private static SqlValue[] KeyOf(TaskKey task) => [SqlValue.Of(task.Tenant.Value), SqlValue.Of(task.TaskId)];

    private static SqlValue[] KeyOf(TaskRunState run) => [.. KeyOf(run.Key), SqlValue.Of(run.Slot), SqlValue.Of(run.IsManual ? 1 : 0)];

    private static SqlValue[] ClaimOf(TaskRunState run) => [.. KeyOf(run), SqlValue.Of(run.Claim)];

    private SqlValue[] ValuesOf(TaskRunState run, OutboxEntry told) =>
    [
        SqlValue.Of(run.SessionId ?? ""), SqlValue.Of(told.EventId), SqlValue.Of(told.Type), SqlValue.Of(time.GetUtcNow()), SqlValue.Of(told.Payload),
    ];

    private static SqlStep HoldOf(TaskRunState run) => new(TaskStatements.HoldTaskRun, ClaimOf(run));

    private static SqlStep SetOf(TaskRunState run) => new(TaskStatements.SetTaskRun,
    [
        .. ClaimOf(run), SqlValue.Of(NameOf(run.Status)), SqlValue.Of(run.Attempt), SqlValue.Of(run.StartedAt), SqlValue.Of(run.FinishedAt),
        SqlValue.Of(run.NextAttemptAt), SqlValue.Of(run.SessionId), SqlValue.Of(run.Error), SqlValue.Of(run.Result),
    ]);

    private static string NameOf(TaskRunStatus status) => status.ToString().ToLowerInvariant();

    private static TaskKey ReadKey(ISqlRow row) => new(TenantId.Parse(row.GetText(0)), row.GetText(1));

    private static TaskRunState ReadRun(TaskKey task, ISqlRow row) => new()
    {
        Key = task,
        Slot = row.GetTime(0),
        IsManual = row.GetInt64(1) != 0,
        RunId = row.GetText(2),
        Status = Enum.Parse<TaskRunStatus>(row.GetText(3), ignoreCase: true),
        Attempt = (int)row.GetInt64(4),
        Claim = new Guid(row.GetBytes(5)),
        StartedAt = row.GetTimeOrNull(6),
        FinishedAt = row.GetTimeOrNull(7),
        NextAttemptAt = row.GetTimeOrNull(8),
        SessionId = row.GetTextOrNull(9),
        Error = row.GetBytesOrNull(10),
        Result = row.GetBytesOrNull(11),
    };

    /// <summary>What a list has gathered.</summary>
    private sealed class Listed(TaskKey task, List<TaskRunState> runs)
    {
        public TaskKey Task { get; } = task;

        public List<TaskRunState> Runs { get; } = runs;

        public long Bytes { get; set; }

        public bool IsCut { get; set; }
    }
}
