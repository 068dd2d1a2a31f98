using System.Globalization;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Servers;

/// <summary>What the kernel knows about a process: <c>proc(5)</c>.</summary>
internal static class ProcessFigures
{
    // USER_HZ: 100 on every Linux that .NET runs on.
    private const double MillisecondsPerTick = 10;

    /// <summary>User and system time so far, in milliseconds, to 10 ms; 0 for process 0.</summary>
    public static double CpuMs(int processId)
    {
        if (processId == 0)
            return 0;
        var fields = Stat(processId);
        return MillisecondsPerTick * (Ticks(fields[11]) + Ticks(fields[12]));
    }

    /// <summary>CPU of a process over the next seconds, in milliseconds a second.</summary>
    public static double IdleCpu(int processId, int seconds)
    {
        var (cpu, start) = (CpuMs(processId), Clock.Now);
        Thread.Sleep(TimeSpan.FromSeconds(seconds));
        return (CpuMs(processId) - cpu) / (Clock.Milliseconds(Clock.Now - start) / 1000);
    }

    /// <summary>User and system time so far for a process and its children, those that have ended included: a PostgreSQL server.</summary>
    public static double FamilyCpuMs(int processId)
    {
        var fields = Stat(processId);
        // cutime and cstime, of the children that have been waited for, are 16 and 17.
        var ticks = fields[11..15].Sum(Ticks);
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var other))
                continue;
            try
            {
                var others = Stat(other);
                if (Parent(others) == processId)
                    ticks += Ticks(others[11]) + Ticks(others[12]);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return MillisecondsPerTick * ticks;
    }

    /// <summary>The process that started another one.</summary>
    public static int ParentOf(int processId) => Parent(Stat(processId));

    /// <summary>Resident memory now, in MiB.</summary>
    public static double ResidentMb(int processId) => Status(processId, "VmRSS:");

    /// <summary>The most that was resident so far, in MiB.</summary>
    public static double PeakMb(int processId) => Status(processId, "VmHWM:");

    // The name may hold anything, so fields are counted from its closing parenthesis: the first is the state, the parent
    // comes next, utime and stime are 14 and 15 of all.
    private static string[] Stat(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static int Parent(string[] fields) => int.Parse(fields[1], CultureInfo.InvariantCulture);

    private static long Ticks(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    private static double Status(int processId, string field)
    {
        if (processId == 0)
            return 0;
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        var kibibytes = line[field.Length..].Trim().Split(' ')[0];
        return long.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024.0;
    }
}
