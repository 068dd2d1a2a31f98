using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Sql;
using OpenClaw.Storage.Writing;
using SQLitePCL;

namespace OpenClaw.Storage.Sqlite;

/// <summary>The one connection that writes, on a thread of its own.</summary>
internal sealed class SqliteWriter : GroupWriter, IDisposable
{
    /// <summary>All usage goes to one shard: there is one writer.</summary>
    private const int Shard = 0;

    /// <summary>How long a restart of the log waits for readers, while all writers wait for it.</summary>
    private static readonly TimeSpan RestartTimeout = TimeSpan.FromMilliseconds(200);

    private readonly SqliteHandle _handle;
    private readonly SqliteLimits _limits;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly IReadOnlyDictionary<string, string> _texts;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly UsageSums _usage = new();
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _advance;
    private readonly SqliteStatement _define;
    private readonly SqliteStatement _insertEvent;
    private readonly SqliteStatement _undo;
    private readonly SqliteStatement _insertOutbox;
    private readonly SqliteStatement _isKeyTaken;
    private readonly SqliteStatement _insertKey;
    private readonly SqliteStatement _findRevision;
    private int _pagesWritten;

    public SqliteWriter(string path, SqliteLimits limits, IReadOnlyDictionary<string, string> texts, SqliteCheckpointer checkpointer, TimeProvider time)
        : base(time)
    {
        _limits = limits;
        _texts = texts;
        _checkpointer = checkpointer;
        _time = time;
        _handle = SqliteHandle.Open(path, limits.BusyTimeout);
        _handle.Execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY");
        if (limits.MaxPages is { } pages)
            _handle.Execute($"PRAGMA max_page_count = {pages}");
        _begin = _handle.Prepare("BEGIN IMMEDIATE");
        _commit = _handle.Prepare("COMMIT");
        _advance = Statement("AdvanceSession");
        _define = Statement("DefineSession");
        _insertEvent = Statement("InsertEvent");
        _undo = Statement("UndoTurn");
        _insertOutbox = Statement("InsertOutbox");
        _isKeyTaken = Statement("IsKeyTaken");
        _insertKey = Statement(Statements.InsertIdempotency);
        _findRevision = Statement(Statements.FindRevision);
        _thread = new Thread(Run) { IsBackground = true, Name = "openclaw-log" };
        _thread.Start();
    }

    /// <summary>Writes what has queued up, and closes.</summary>
    public void Dispose()
    {
        Close();
        _thread.Join();
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _begin.Dispose();
        _commit.Dispose();
        _handle.Dispose();
    }

    // Waits on this very thread, so that the loop, whose other steps are synchronous here, never leaves it.
    protected override ValueTask<bool> WaitAsync()
    {
        var waiting = base.WaitAsync();
        return waiting.IsCompleted ? waiting : ValueTask.FromResult(waiting.AsTask().GetAwaiter().GetResult());
    }

    protected override ValueTask WriteAsync(IReadOnlyList<WriteOperation> batch)
    {
        Begin();
        try
        {
            _usage.Clear();
            for (var index = 0; index < batch.Count; index++)
            {
                if (batch[index] is AppendOperation append)
                    append.Outcome = Append(append.Append);
                else
                    Run((StatementOperation)batch[index]);
            }

            if (_usage.Count > 0)
            {
                var add = Statement(Statements.AddUsage);
                foreach (var parameters in _usage.ToParameters(Shard))
                {
                    add.Bind(parameters);
                    add.Run();
                }
            }

            _commit.Run();
        }
        catch
        {
            // SQLite has ended the transaction by itself after some errors.
            if (_handle.InTransaction)
                _handle.Execute("ROLLBACK");
            throw;
        }

        Checkpoint();
        return ValueTask.CompletedTask;
    }

    // What fails alone in SQLite fails again: waiting for locks is over by then.
    protected override bool IsTransient(Exception exception) => false;

    protected override Exception Translate(Exception exception) => exception is SqliteFailure failure ? failure.Translate() : exception;

    private void Run() => RunAsync().GetAwaiter().GetResult();

    private void Begin()
    {
        try
        {
            _begin.Run();
        }
        catch (SqliteFailure failure)
        {
            throw new StorageUnavailableException(failure.Translate().Message, failure);
        }
    }

    private void Run(StatementOperation operation)
    {
        for (var index = 0; index < operation.Steps.Count; index++)
        {
            var step = operation.Steps[index];
            var statement = Statement(step.Statement);
            statement.Bind(step.Parameters);
            operation.Rows[index] = statement.Run();
        }
    }

    private AppendOutcome Append(SessionAppend append)
    {
        var tenant = append.Key.Tenant.Value;
        var session = append.Key.SessionId;
        if (append.Idempotency is { } taken && IsTaken(taken.Tenant, taken.Scope, taken.Key))
            return OutcomeOfTakenKey(append);
        if (!Advance(append, tenant, session))
            return SessionRows.OutcomeOfMismatch(FindRevision(append, out _), append);

        if (append.Definition is { } definition)
        {
            BindKey(_define, tenant, session);
            _define.Bind(3, definition.Title);
            _define.Bind(4, definition.Model);
            _define.Bind(5, definition.Context);
            _define.Run();
        }

        InsertEvents(append, tenant, session);
        if (append.Undo is { } undo)
        {
            BindKey(_undo, tenant, session);
            _undo.Bind(3, undo.FromSeq);
            _undo.Bind(4, undo.TurnId);
            _undo.Run();
        }

        if (append.Idempotency is { } key)
            InsertKey(append, key);
        InsertOutbox(append, tenant, session);
        if (append.Usage is { } usage)
            _usage.Add(tenant, usage);
        return AppendOutcome.Written;
    }

    private bool Advance(SessionAppend append, string tenant, string session)
    {
        BindKey(_advance, tenant, session);
        _advance.Bind(3, append.ExpectedEpoch);
        _advance.Bind(4, append.ExpectedRevision);
        _advance.Bind(5, append.Epoch);
        _advance.Bind(6, append.Head);
        _advance.Bind(7, append.Reserved);
        _advance.Bind(8, (long)append.RunState);
        _advance.Bind(9, append.AppendId);
        _advance.Bind(10, append.Mailbox);
        _advance.Bind(11, append.MessageDelta);
        _advance.Bind(12, append.Usage?.InputTokens ?? 0);
        _advance.Bind(13, append.Usage?.OutputTokens ?? 0);
        _advance.Bind(14, append.At.ToUnixTimeMilliseconds());
        return _advance.Run() > 0;
    }

    private void InsertEvents(SessionAppend append, string tenant, string session)
    {
        for (var index = 0; index < append.Events.Count; index++)
        {
            var entry = append.Events[index];
            BindKey(_insertEvent, tenant, session);
            _insertEvent.Bind(3, entry.SeqFrom);
            _insertEvent.Bind(4, entry.SeqTo);
            _insertEvent.Bind(5, entry.TurnId);
            _insertEvent.Bind(6, (long)entry.Kind);
            _insertEvent.Bind(7, SessionRows.IsListed(entry, append.Undo) ? 1 : 0);
            _insertEvent.Bind(8, entry.At.ToUnixTimeMilliseconds());
            _insertEvent.Bind(9, entry.Payload.AsSpan());
            _insertEvent.Run();
        }
    }

    private void InsertKey(SessionAppend append, Idempotency.IdempotencyState key)
    {
        _insertKey.Bind(1, key.Tenant);
        _insertKey.Bind(2, key.Scope);
        _insertKey.Bind(3, key.Key);
        _insertKey.Bind(4, key.Fingerprint);
        _insertKey.Bind(5, key.Result);
        _insertKey.Bind(6, key.ExpiresAt.ToUnixTimeMilliseconds());
        _insertKey.Bind(7, append.AppendId);
        _insertKey.Bind(8, _time.GetUtcNow().ToUnixTimeMilliseconds());
        _insertKey.Run();
    }

    private void InsertOutbox(SessionAppend append, string tenant, string session)
    {
        for (var index = 0; index < append.Outbox.Count; index++)
        {
            var entry = append.Outbox[index];
            BindKey(_insertOutbox, tenant, session);
            _insertOutbox.Bind(3, entry.EventId);
            _insertOutbox.Bind(4, entry.Type);
            _insertOutbox.Bind(5, append.At.ToUnixTimeMilliseconds());
            _insertOutbox.Bind(6, entry.Payload.AsSpan());
            if (entry.SessionSeq is { } seq)
                _insertOutbox.Bind(7, seq);
            else
                _insertOutbox.BindNull(7);
            _insertOutbox.Run();
        }
    }

    private bool IsTaken(string tenant, string scope, string key)
    {
        _isKeyTaken.Bind(1, tenant);
        _isKeyTaken.Bind(2, scope);
        _isKeyTaken.Bind(3, key);
        _isKeyTaken.Bind(4, _time.GetUtcNow().ToUnixTimeMilliseconds());
        var taken = _isKeyTaken.Step();
        _isKeyTaken.Reset();
        return taken;
    }

    // The key counts only for an append that would otherwise have been written: its own row may be what holds it.
    private AppendOutcome OutcomeOfTakenKey(SessionAppend append)
    {
        var stored = FindRevision(append, out var matches);
        return matches ? AppendOutcome.DuplicateKey : SessionRows.OutcomeOfMismatch(stored, append);
    }

    private byte[]? FindRevision(SessionAppend append, out bool matches)
    {
        BindKey(_findRevision, append.Key.Tenant.Value, append.Key.SessionId);
        var found = _findRevision.Step();
        matches = found && _findRevision.GetInt64(0) == append.ExpectedEpoch && _findRevision.GetInt64(1) == append.ExpectedRevision;
        var appendId = found ? _findRevision.GetBytes(2) : null;
        _findRevision.Reset();
        return appendId;
    }

    private static void BindKey(SqliteStatement statement, string tenant, string session)
    {
        statement.Bind(1, tenant);
        statement.Bind(2, session);
    }

    private void Checkpoint()
    {
        _pagesWritten += _handle.TakePagesWritten();
        if (_pagesWritten >= _limits.CheckpointPages)
        {
            _pagesWritten = 0;
            _checkpointer.Signal();
        }

        if (_checkpointer.TakeRestart())
        {
            _handle.SetBusyTimeout(RestartTimeout);

            // When readers were in the way, the next background checkpoint finds the log too long again and asks anew.
            _ = _handle.TryCheckpoint(raw.SQLITE_CHECKPOINT_RESTART, out _);
            _handle.SetBusyTimeout(_limits.BusyTimeout);
        }
    }

    private SqliteStatement Statement(string name)
    {
        if (!_statements.TryGetValue(name, out var statement))
        {
            statement = _handle.Prepare(_texts[name]);
            _statements.Add(name, statement);
        }

        return statement;
    }
}
