using System.Diagnostics;
using System.Globalization;
using OpenClaw.Grains.Commands;

namespace OpenClaw.Silo.Commands;

/// <summary>A command in bubblewrap. All that it starts lives in a process namespace of its own, which dies with its first process.</summary>
internal sealed class SandboxProcess(Process process, ControlGroup? group) : ISandboxProcess
{
    /// <summary>Whether a control group bounds it.</summary>
    public bool HasGroup => group is not null;

    public Stream Output => process.StandardOutput.BaseStream;

    public Stream Errors => process.StandardError.BaseStream;

    public Task<int> Exited { get; } = WaitAsync(process);

    /// <summary>Where no control group bounds it: what /proc says of the processes below bubblewrap.</summary>
    public long MeasureMemory() => group is null ? ResidentBytes(process.Id) : 0;

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

    private static long ResidentBytes(int id)
    {
        try
        {
            var pages = long.Parse(File.ReadAllText($"/proc/{id}/statm").Split(' ')[1], CultureInfo.InvariantCulture);
            var children = Directory.EnumerateDirectories($"/proc/{id}/task")
                .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries));
            return (pages * Environment.SystemPageSize) + children.Sum(child => ResidentBytes(int.Parse(child, CultureInfo.InvariantCulture)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It died while it was looked at.
            return 0;
        }
    }
}
