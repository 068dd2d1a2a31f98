using System.Globalization;

namespace OpenClaw.Silo.Processes;

/// <summary>
/// A control group that bounds memory, processes and processor time of what tenants run, in either version; see cgroups(7). It lies below the
/// server's own group, so that what bounds the server bounds its commands too.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Mount = "/sys/fs/cgroup";
    private const string Prefix = "openclaw-";

    /// <summary>Of processor time, in microseconds: the kernel's own default.</summary>
    private const int Period = 100_000;

    private readonly string[] _directories;

    private ControlGroup(string[] directories) => _directories = directories;

    /// <summary>The files that a process writes its id into to join.</summary>
    public IEnumerable<string> Doors => _directories.Select(directory => Path.Combine(directory, "cgroup.procs"));

    /// <summary>Takes a process that runs already into the group.</summary>
    public bool TryAdd(int processId)
    {
        try
        {
            foreach (var door in Doors) File.WriteAllText(door, processId.ToString(CultureInfo.InvariantCulture));
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It has died.
            return false;
        }
    }

    /// <summary>Makes a group; null where the server may not.</summary>
    public static ControlGroup? TryCreate(long memoryBytes, int maxProcesses, int maxCores)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():n}");
        var made = new List<string>();
        try
        {
            if (Own("memory") is { } memory && Own("pids") is { } processes)
            {
                Make(Path.Combine(Mount, "memory", memory, name), ("memory.limit_in_bytes", memoryBytes));
                // Swap is counted where the kernel does, and is no way around.
                if (File.Exists(Path.Combine(made[^1], "memory.memsw.limit_in_bytes"))) Set(made[^1], "memory.memsw.limit_in_bytes", memoryBytes);
                Make(Path.Combine(Mount, "pids", processes, name), ("pids.max", maxProcesses));
                if (Own("cpu") is { } cpu && Directory.Exists(Path.Combine(Mount, "cpu", cpu)))
                    Make(Path.Combine(Mount, "cpu", cpu, name), ("cpu.cfs_period_us", Period), ("cpu.cfs_quota_us", (long)maxCores * Period));
            }
            else if (Own("") is { } unified && File.Exists(Path.Combine(Mount, "cgroup.controllers")))
            {
                Make(Path.Combine(Mount, unified, name), ("memory.max", memoryBytes), ("memory.swap.max", 0), ("pids.max", maxProcesses));
                File.WriteAllText(Path.Combine(made[^1], "cpu.max"), string.Create(CultureInfo.InvariantCulture, $"{(long)maxCores * Period} {Period}"));
            }

            return made.Count > 0 ? new ControlGroup([.. made]) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            new ControlGroup([.. made]).Dispose();
            return null;
        }

        void Make(string directory, params (string File, long Value)[] limits)
        {
            if (!Directory.Exists(Path.GetDirectoryName(directory))) throw new IOException($"{directory} cannot be made.");
            Directory.CreateDirectory(directory);
            made.Add(directory);
            foreach (var (file, value) in limits) Set(directory, file, value);
        }
    }

    /// <summary>Removes the groups of servers that were killed; their commands died with them.</summary>
    public static void Sweep()
    {
        foreach (var parent in new[] { Own("memory") is { } memory ? Path.Combine(Mount, "memory", memory) : null, Own("pids") is { } pids ? Path.Combine(Mount, "pids", pids) : null, Own("cpu") is { } cpu ? Path.Combine(Mount, "cpu", cpu) : null, Own("") is { } unified ? Path.Combine(Mount, unified) : null })
        {
            if (parent is null || !Directory.Exists(parent)) continue;
            foreach (var directory in Directory.EnumerateDirectories(parent, Prefix + "*"))
            {
                if (Path.GetFileName(directory)[Prefix.Length..].Split('-')[0] is var owner && Directory.Exists($"/proc/{owner}")) continue;
                try
                {
                    Directory.Delete(directory);
                }
                catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
                {
                    // It is not empty yet, or another server's; nothing depends on it.
                }
            }
        }
    }

    /// <summary>Removes the group once its last process is dead.</summary>
    public void Dispose()
    {
        foreach (var directory in _directories)
        {
            // The kernel lets go of the dead a moment after they are.
            for (var attempt = 0; Directory.Exists(directory) && attempt < 50; attempt++)
            {
                try
                {
                    Directory.Delete(directory);
                }
                catch (IOException)
                {
                    Thread.Sleep(10);
                }
            }
        }
    }

    private static void Set(string directory, string file, long value) =>
        File.WriteAllText(Path.Combine(directory, file), value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The server's own group in the hierarchy of a controller; that of version 2 has no name.</summary>
    private static string? Own(string controller)
    {
        foreach (var line in File.ReadLines("/proc/self/cgroup"))
        {
            if (line.Split(':', 3) is [_, var controllers, var path] && controllers.Split(',').Contains(controller)) return path.Trim('/');
        }

        return null;
    }
}
