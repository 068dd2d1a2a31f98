using System.Diagnostics;
using System.Globalization;
using Npgsql;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Testing;

/// <summary>
/// A PostgreSQL server of the test process's own, from the machine's binaries, on a free loopback port with its data in a
/// temporary directory. It ends with the process, however that ends.
/// </summary>
/// <remarks>
/// The environment variable <c>OPENCLAW_TEST_POSTGRES_FSYNC=off</c> makes it faster and unsafe. The default collation is a
/// linguistic one, so that what relies on the order of bytes has to say so.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "openclaw";
    private const string Ready = "database system is ready to accept connections";

    private static readonly Lazy<Task<PostgresServer>> Server = new(StartAsync);
    private static readonly Lazy<bool> AbandonedAreGone = new(RemoveAbandoned);
    private static int _servers;

    private readonly string _binaries;
    private readonly string _directory;
    private readonly int _port = FreePorts.Take();
    private Process? _process;
    private int _databases;

    private PostgresServer(string binaries, string directory)
    {
        _binaries = binaries;
        _directory = directory;
    }

    /// <summary>The process's one server, started with the first use. It is nobody's to stop.</summary>
    /// <exception cref="InvalidOperationException">The machine has no PostgreSQL, or it does not start.</exception>
    public static Task<PostgresServer> SharedAsync() => Server.Value;

    /// <summary>A server of the caller's own, which it may stop and start.</summary>
    /// <exception cref="InvalidOperationException">The machine has no PostgreSQL, or it does not start.</exception>
    public static async Task<PostgresServer> StartAsync()
    {
        _ = AbandonedAreGone.Value;
        var server = new PostgresServer(
            FindBinaries(),
            Path.Combine(Path.GetTempPath(), $"openclaw-postgres-{Interlocked.Increment(ref _servers)}-{Environment.ProcessId}"));
        await server.InitializeAsync();
        AppDomain.CurrentDomain.ProcessExit += server.OnProcessExit;
        await server.ResumeAsync();
        return server;
    }

    /// <summary>
    /// What <c>pg_ctl stop -m immediate</c> does: every connection breaks at once, nothing is rounded off, and the next
    /// start recovers from the write-ahead log as after a crash.
    /// </summary>
    public void StopImmediately() => Stop(Signals.Quit);

    /// <summary>
    /// What <c>pg_ctl stop -m fast</c> does: transactions are rolled back, connections end with a message, and the next
    /// start has nothing to recover.
    /// </summary>
    public void StopFast() => Stop(Signals.Interrupt);

    /// <summary>Starts the server again, on the same data and port; returns when it takes connections.</summary>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public async Task ResumeAsync() => _process = await LaunchAsync();

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        Remove();
        return ValueTask.CompletedTask;
    }

    private void Stop(int signal)
    {
        var process = _process ?? throw new InvalidOperationException("PostgreSQL is not running.");
        Signals.Send(process.Id, signal);
        process.WaitForExit();
        _process = null;
    }

    private async Task InitializeAsync()
    {
        var start = AsUnprivileged(
            Path.Combine(_binaries, "initdb"), "-D", _directory, "-U", User, "-A", "trust", "-E", "UTF8",
            "--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8", "--no-sync", "--no-instructions");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"initdb failed:\n{await output}\n{await errors}");
    }

    private Task<Process> LaunchAsync()
    {
        var fsync = Environment.GetEnvironmentVariable("OPENCLAW_TEST_POSTGRES_FSYNC") ?? "on";
        var start = AsUnprivileged(
            Path.Combine(_binaries, "postgres"), "-D", _directory, "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture),
            "-k", "", "-c", $"fsync={fsync}", "-c", "max_connections=400", "-c", "shared_buffers=64MB");
        var ready = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);

        // The kernel tells the server of the death of the thread that started it: this one lives as long as the process.
        var thread = new Thread(() =>
        {
            var process = new Process { StartInfo = start };
            var log = new List<string>();
            process.ErrorDataReceived += (_, line) =>
            {
                if (line.Data is null)
                    return;
                lock (log)
                    log.Add(line.Data);
                if (line.Data.Contains(Ready, StringComparison.Ordinal))
                    ready.TrySetResult(process);
            };
            process.Start();
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            process.WaitForExit();
            lock (log)
                ready.TrySetException(new InvalidOperationException($"PostgreSQL did not start:\n{string.Join('\n', log)}"));
        })
        {
            IsBackground = true,
            Name = "postgres",
        };
        thread.Start();
        return ready.Task;
    }

    // PostgreSQL refuses to run as root.
    private static ProcessStartInfo AsUnprivileged(params string[] command)
    {
        var start = new ProcessStartInfo("setpriv")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add("--pdeathsig=INT");
        if (Environment.IsPrivilegedProcess)
        {
            var (user, group) = UnprivilegedUser();
            start.ArgumentList.Add($"--reuid={user}");
            start.ArgumentList.Add($"--regid={group}");
            start.ArgumentList.Add("--clear-groups");
        }

        foreach (var argument in command)
            start.ArgumentList.Add(argument);
        return start;
    }

    private static (string User, string Group) UnprivilegedUser()
    {
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).ToDictionary(fields => fields[0], fields => (fields[2], fields[3]));
        return users.TryGetValue("postgres", out var postgres) ? postgres
            : users.TryGetValue("nobody", out var nobody) ? nobody
            : throw new InvalidOperationException("PostgreSQL does not run as root, and there is neither a user 'postgres' nor 'nobody'.");
    }

    private static string FindBinaries()
    {
        var packaged = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(path => Path.Combine(path, "bin"))
            : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return packaged.Concat(onPath).FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")) && File.Exists(Path.Combine(path, "postgres")))
            ?? throw new InvalidOperationException(
                "These tests need PostgreSQL: install the package 'postgresql' (its server binaries are looked for in /usr/lib/postgresql/*/bin and on PATH).");
    }

    // A process that was killed leaves its directories; this one has none yet.
    private static bool RemoveAbandoned()
    {
        foreach (var directory in Directory.GetDirectories(Path.GetTempPath(), "openclaw-postgres-*"))
        {
            var owner = directory[(directory.LastIndexOf('-') + 1)..];
            if (Directory.Exists($"/proc/{owner}") && owner != Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
                continue;
            try
            {
                Directory.Delete(directory, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another process is just removing it.
                continue;
            }
        }

        return true;
    }

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = User,
        Database = database,
        MaxPoolSize = 20,
    }.ToString();

    /// <summary>
    /// A test run is ended by force when it takes more than ten seconds to exit, and a directory of hundreds of databases can
    /// take longer to remove: that goes on behind the run.
    /// </summary>
    private void OnProcessExit(object? sender, EventArgs e)
    {
        Kill();
        // Without the run's output, whose reader would wait for it.
        Process.Start("sh", ["-c", "exec rm -rf \"$0\" > /dev/null 2>&1", _directory]).Dispose();
    }

    private void Remove()
    {
        Kill();
        Directory.Delete(_directory, recursive: true);
    }

    private void Kill()
    {
        if (_process is not { } process)
            return;
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }
}
