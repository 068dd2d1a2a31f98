using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.Shared;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Servers;

/// <summary>A server that the runner started, and ends.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int PollMs = 2;
    private const int OutputLines = 40;
    private const int StopTimeoutMs = 15_000;

    private readonly Process _process;
    private readonly Queue<string> _output = new();

    private ServerProcess(string name, ProcessStartInfo start, int port, string? key)
    {
        StartedAt = Clock.Now;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Target = new Target(name, port, key, _process.Id);
    }

    public Target Target { get; }

    /// <summary>When the process was started, by <see cref="Clock"/>.</summary>
    public long StartedAt { get; }

    /// <summary>From the start of the process to the first 200 of <c>/readyz</c>, in milliseconds, to about 2 ms.</summary>
    public double ReadyMs { get; private set; }

    /// <summary>Starts <paramref name="dll"/> and waits until <c>/readyz</c> answers 200.</summary>
    /// <param name="name">As in the tables.</param>
    /// <param name="dll">The program, run by <c>dotnet</c>.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Added to the runner's own.</param>
    /// <param name="key">The API key, or null.</param>
    /// <param name="cpus">Cores to pin it to, as <c>taskset -c</c> takes them, or null for all.</param>
    /// <exception cref="InvalidOperationException">It ended, or was not ready within 60 s; its last output is in the message.</exception>
    public static ServerProcess Start(
        string name,
        string dll,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string? key = null,
        string? cpus = null)
    {
        var port = FreePorts.Take();
        var start = new ProcessStartInfo(cpus is null ? "dotnet" : "taskset")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(dll)!,
        };
        foreach (var argument in (string[])(cpus is null ? [dll] : ["-c", cpus, "dotnet", dll]))
            start.ArgumentList.Add(argument);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        // A silo without an API has its health there.
        start.Environment["OpenClaw__Cluster__HttpPort"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;

        var server = new ServerProcess(name, start, port, key);
        try
        {
            server.WaitUntilReady(TimeSpan.FromSeconds(60));
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Asks it to end, and ends it when it has not after 15 s.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            using (var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
                signal.WaitForExit();
            if (!_process.WaitForExit(StopTimeoutMs))
            {
                _process.Kill();
                _process.WaitForExit();
            }
        }

        _process.Dispose();
    }

    private void WaitUntilReady(TimeSpan atMost)
    {
        var client = new ApiClient(Target);
        var request = client.Get("/readyz");
        while (Clock.Milliseconds(Clock.Now - StartedAt) < atMost.TotalMilliseconds)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{Target.Name} ended with {_process.ExitCode}:\n{LastOutput()}");
            if (IsReady(client, request))
            {
                ReadyMs = Clock.Milliseconds(Clock.Now - StartedAt);
                return;
            }

            Thread.Sleep(PollMs);
        }

        throw new InvalidOperationException($"{Target.Name} was not ready within {atMost.TotalSeconds} s:\n{LastOutput()}");
    }

    private static bool IsReady(ApiClient client, byte[] request)
    {
        try
        {
            using var connection = client.Connect();
            return connection.Send(request) == 200;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // Not listening yet.
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_output)
        {
            _output.Enqueue(line);
            if (_output.Count > OutputLines)
                _output.Dequeue();
        }
    }

    private string LastOutput()
    {
        lock (_output)
            return new StringBuilder().AppendJoin('\n', _output).ToString();
    }
}
