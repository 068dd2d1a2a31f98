using System.Collections.Concurrent;
using System.Diagnostics;

namespace OpenClaw.Silo.Commands;

/// <summary>
/// Starts processes from one thread that lives as long as this process: a child that is to die with its parent dies with the
/// thread that started it (PR_SET_PDEATHSIG of prctl(2)), and threads of the pool come and go.
/// </summary>
internal sealed class LauncherThread : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> _asked = [];

    public LauncherThread() => new Thread(Run) { IsBackground = true, Name = "sandbox launcher" }.Start();

    /// <exception cref="IOException">The system would not start it.</exception>
    public Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Add((start, started));
        return started.Task;
    }

    /// <summary>What tenants run gets out of the way of the server, and of every other tenant's requests.</summary>
    private static void YieldTo(Process process)
    {
        try
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It is dead already.
        }
    }

    public void Dispose() => _asked.CompleteAdding();

    private void Run()
    {
        foreach (var (start, started) in _asked.GetConsumingEnumerable())
        {
            try
            {
                var process = Process.Start(start)!;
                YieldTo(process);
                started.SetResult(process);
            }
            catch (Exception failure)
            {
                started.SetException(new IOException($"{start.FileName} could not be started.", failure));
            }
        }
    }
}
