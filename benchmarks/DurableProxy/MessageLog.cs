using Microsoft.Data.Sqlite;

namespace OpenClaw.Benchmarks.DurableProxy;

/// <summary>
/// Messages in SQLite (WAL, <c>synchronous=FULL</c>) with group commit: one thread owns the connection and commits what
/// has queued up while its last commit was under way.
/// </summary>
internal sealed class MessageLog : IDisposable
{
    private readonly Lock _queueLock = new();
    private readonly SemaphoreSlim _queued = new(0);
    private readonly SqliteConnection _connection;
    private readonly Thread _writer;
    private List<PendingMessage> _queue = [];
    private bool _closed;

    public MessageLog(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("CREATE TABLE IF NOT EXISTS message(id INTEGER PRIMARY KEY, session_id TEXT NOT NULL, role INTEGER NOT NULL, content BLOB NOT NULL, at INTEGER NOT NULL)");
        Execute("CREATE INDEX IF NOT EXISTS message_of_session ON message(session_id, id)");
        _writer = new Thread(Write) { IsBackground = true, Name = "message log" };
        _writer.Start();
    }

    /// <summary>Completes when the message is on disk.</summary>
    public Task AppendAsync(string sessionId, MessageRole role, ReadOnlyMemory<byte> content)
    {
        var message = new PendingMessage(sessionId, role, content);
        bool first;
        lock (_queueLock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            first = _queue.Count == 0;
            _queue.Add(message);
        }

        if (first)
            _queued.Release();
        return message.Task;
    }

    public void Dispose()
    {
        lock (_queueLock)
            _closed = true;
        _queued.Release();
        _writer.Join();
        _connection.Dispose();
        _queued.Dispose();
    }

    private void Write()
    {
        using var begin = Prepare("BEGIN IMMEDIATE");
        using var commit = Prepare("COMMIT");
        using var insert = _connection.CreateCommand();
        insert.CommandText = "INSERT INTO message(session_id, role, content, at) VALUES ($session, $role, $content, $at)";
        var session = insert.Parameters.Add("$session", SqliteType.Text);
        var role = insert.Parameters.Add("$role", SqliteType.Integer);
        var content = insert.Parameters.Add("$content", SqliteType.Blob);
        var at = insert.Parameters.Add("$at", SqliteType.Integer);
        insert.Prepare();

        var batch = new List<PendingMessage>();
        while (TryTake(ref batch))
        {
            try
            {
                begin.ExecuteNonQuery();
                at.Value = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
                foreach (var message in batch)
                {
                    session.Value = message.SessionId;
                    role.Value = (int)message.Role;
                    content.Value = message.Content.ToArray();
                    insert.ExecuteNonQuery();
                }

                commit.ExecuteNonQuery();
            }
            catch (SqliteException exception)
            {
                foreach (var message in batch)
                    message.SetException(exception);
                Execute("ROLLBACK");
                batch.Clear();
                continue;
            }

            foreach (var message in batch)
                message.SetResult();
            batch.Clear();
        }
    }

    /// <summary>Waits for messages and swaps the empty <paramref name="batch"/> for them. False when closed and empty.</summary>
    private bool TryTake(ref List<PendingMessage> batch)
    {
        while (true)
        {
            lock (_queueLock)
            {
                if (_queue.Count > 0)
                {
                    (batch, _queue) = (_queue, batch);
                    return true;
                }

                if (_closed)
                    return false;
            }

            _queued.Wait();
        }
    }

    private SqliteCommand Prepare(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Prepare();
        return command;
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>A message on its way to disk; whoever waits goes on outside the writer's thread.</summary>
    private sealed class PendingMessage(string sessionId, MessageRole role, ReadOnlyMemory<byte> content)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string SessionId { get; } = sessionId;

        public MessageRole Role { get; } = role;

        public ReadOnlyMemory<byte> Content { get; } = content;
    }
}
