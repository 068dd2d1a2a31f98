using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace OpenClaw.Storage.Sqlite;

/// <summary>
/// Copies the write-ahead log into the database file beside the writer, which otherwise would stop for it inside a commit.
/// </summary>
internal sealed partial class SqliteCheckpointer : IDisposable
{
    private readonly SqliteHandle _handle;
    private readonly SqliteLimits _limits;
    private readonly ILogger _logger;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private int _restart;
    private volatile bool _stopping;

    public SqliteCheckpointer(string path, SqliteLimits limits, ILogger logger)
    {
        _limits = limits;
        _logger = logger;
        _handle = SqliteHandle.Open(path, limits.BusyTimeout);
        _handle.Execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
        _thread = new Thread(Run) { IsBackground = true, Name = "openclaw-checkpoint" };
        _thread.Start();
    }

    /// <summary>There is something to copy.</summary>
    public void Signal() => _wake.Set();

    /// <summary>Whether the writer is asked to restart the log, once for each time that it is.</summary>
    public bool TakeRestart() => _restart != 0 && Interlocked.Exchange(ref _restart, 0) != 0;

    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
        _handle.Dispose();
    }

    private void Run()
    {
        while (_wake.WaitOne() && !_stopping)
        {
            try
            {
                if (_handle.TryCheckpoint(raw.SQLITE_CHECKPOINT_PASSIVE, out var pages) && pages > _limits.RestartPages)
                    Interlocked.Exchange(ref _restart, 1);
            }
            catch (SqliteFailure failure)
            {
                // The log keeps what could not be copied: nothing is lost, and the next signal tries again.
                LogFailure(failure);
            }
        }
    }

    [LoggerMessage(2002, LogLevel.Warning, "Copying the write-ahead log into the database failed; it is tried again.")]
    private partial void LogFailure(Exception exception);
}
