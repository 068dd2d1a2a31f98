using System.Diagnostics;
using OpenClaw.Grains.Commands;
using OpenClaw.Silo.Processes;

namespace OpenClaw.Silo.Commands;

/// <summary>A command in bubblewrap. All that it starts lives in a process namespace of its own, which dies with its first process.</summary>
internal sealed class SandboxProcess(Process process, ControlGroup? group) : ISandboxProcess
{
    /// <summary>Whether a control group bounds it.</summary>
    public bool HasGroup => group is not null;

    // Taken while there is a process: one that ends at once is closed before anybody has asked for its streams.
    public Stream Input { get; } = process.StandardInput.BaseStream;

    public Stream Output { get; } = process.StandardOutput.BaseStream;

    public Stream Errors { get; } = process.StandardError.BaseStream;

    public Task<int> Exited { get; } = WaitAsync(process);

    /// <summary>Where no control group bounds it: what /proc says of the processes below bubblewrap.</summary>
    public long MeasureMemory() => group is null ? ProcessTree.Of(process.Id).Sum(ProcessTree.ResidentBytes) : 0;

    public void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It is dead.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Exited;
        process.Dispose();
        group?.Dispose();
    }

    /// <summary>The end of the process itself: WaitForExitAsync would wait for the end of its output as well, which is read elsewhere.</summary>
    private static async Task<int> WaitAsync(Process process)
    {
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult();
        process.EnableRaisingEvents = true;
        if (process.HasExited) exited.TrySetResult();
        await exited.Task;
        return process.ExitCode;
    }
}
