using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Readme;

/// <summary>
/// A shell in a folder that looks like the repository's root, in which the README's commands run as they stand. What
/// differs is around them: <c>./run.sh</c> is the real script, started in this folder, so that <c>data</c> is here, and on
/// a free port; <c>curl</c> is the real one, sent to that port where it was to call <c>localhost:3000</c>, and cut off
/// after <see cref="CurlSeconds"/>, since a session's stream stays open; <c>./test.sh</c> is only looked at by the shell,
/// because this test is one of those that it would run.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ReadmeShell : IAsyncDisposable
{
    private const int CurlSeconds = 10;
    private const string EndMark = "--- end of the block: ";

    private readonly string _folder = Directory.CreateTempSubdirectory("openclaw-readme-").FullName;
    private readonly int _port = FreePorts.Take();
    private readonly Process _shell;
    private Process? _server;

    public ReadmeShell()
    {
        Write("run.sh", $"echo $$ > server.pid; exec '{ReadmeCommands.Root}/run.sh' \"$@\" > server.log 2>&1");
        Write("test.sh", $"exec bash -n '{ReadmeCommands.Root}/test.sh'");
        Directory.CreateDirectory(Path.Combine(_folder, "bin"));
        Write("bin/curl", $"PATH=\"${{PATH#*:}}\" exec curl --max-time {CurlSeconds} \"${{@/localhost:3000/127.0.0.1:{_port}}}\"");
        _shell = Start(new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true });
    }

    public Uri BaseAddress => new($"http://127.0.0.1:{_port}");

    /// <summary>The admin key that the server of this folder has made.</summary>
    public string AdminKey => File.ReadAllText(Path.Combine(_folder, "data", "admin-key")).Trim();

    /// <summary>Starts a server with a line of the README, on the data of the one before, which is killed.</summary>
    public async Task ServeAsync(string line, CancellationToken cancellationToken)
    {
        await StopServerAsync(cancellationToken);
        _server = Start(new ProcessStartInfo("bash") { ArgumentList = { "-c", line } });
        using var http = new HttpClient { BaseAddress = BaseAddress };
        while (!await IsReadyAsync(http, cancellationToken))
        {
            Assert.False(_server.HasExited, $"'{line}' ended:\n{await File.ReadAllTextAsync(Path.Combine(_folder, "server.log"), cancellationToken)}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    /// <summary>Runs lines one after the other in the one shell, which keeps its variables. Returns what they print.</summary>
    public async Task<string> RunAsync(string lines, CancellationToken cancellationToken)
    {
        await _shell.StandardInput.WriteAsync($"{lines}\necho; echo '{EndMark}'$?\n".AsMemory(), cancellationToken);
        await _shell.StandardInput.FlushAsync(cancellationToken);
        var output = new StringBuilder();
        while (await _shell.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(EndMark, StringComparison.Ordinal))
                return output.ToString();
            output.AppendLine(line);
        }

        throw new InvalidDataException($"The shell ended in the middle of:\n{lines}");
    }

    public async ValueTask DisposeAsync()
    {
        await StopServerAsync(CancellationToken.None);
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StopServerAsync(CancellationToken cancellationToken)
    {
        if (_server is null)
            return;
        if (!_server.HasExited)
        {
            var id = await File.ReadAllTextAsync(Path.Combine(_folder, "server.pid"), cancellationToken);
            using var server = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
            server.Kill();
            await _server.WaitForExitAsync(cancellationToken);
        }

        _server.Dispose();
        _server = null;
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        start.WorkingDirectory = _folder;
        ProductProcess.RemoveSettings(start.Environment);
        start.Environment["PATH"] = $"{Path.Combine(_folder, "bin")}:{start.Environment["PATH"]}";
        start.Environment["ASPNETCORE_URLS"] = BaseAddress.GetLeftPart(UriPartial.Authority);
        start.Environment["OpenClaw__Cluster__SiloPort"] = $"{FreePorts.Take()}";
        start.Environment["OpenClaw__Cluster__GatewayPort"] = $"{FreePorts.Take()}";
        // A build that leaves processes behind would hold what it was given open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        return Process.Start(start)!;
    }

    private void Write(string name, string command)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{command}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
