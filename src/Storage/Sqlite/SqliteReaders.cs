namespace OpenClaw.Storage.Sqlite;

/// <summary>
/// Connections that read, each with its prepared statements. A reading sees the last commit and neither waits for the
/// writer nor holds it up.
/// </summary>
internal sealed class SqliteReaders(string path, SqliteLimits limits, IReadOnlyDictionary<string, string> texts) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<Reader> _idle = new(limits.Readers);
    private bool _disposed;

    public Reader Rent()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_idle.TryPop(out var reader))
                return reader;
        }

        return new Reader(path, limits, texts);
    }

    public void Return(Reader reader)
    {
        lock (_lock)
        {
            if (!_disposed && _idle.Count < limits.Readers)
            {
                _idle.Push(reader);
                return;
            }
        }

        reader.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_idle.TryPop(out var reader))
                reader.Dispose();
        }
    }

    internal sealed class Reader : IDisposable
    {
        private readonly SqliteHandle _handle;
        private readonly IReadOnlyDictionary<string, string> _texts;
        private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

        public Reader(string path, SqliteLimits limits, IReadOnlyDictionary<string, string> texts)
        {
            _texts = texts;
            _handle = SqliteHandle.Open(path, limits.BusyTimeout);
            _handle.Execute("PRAGMA query_only = 1; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY");
        }

        public SqliteStatement Statement(string name)
        {
            if (!_statements.TryGetValue(name, out var statement))
            {
                statement = _handle.Prepare(_texts[name]);
                _statements.Add(name, statement);
            }

            return statement;
        }

        public void Dispose()
        {
            foreach (var statement in _statements.Values)
                statement.Dispose();
            _handle.Dispose();
        }
    }
}
