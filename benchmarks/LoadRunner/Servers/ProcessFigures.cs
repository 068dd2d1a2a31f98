using System.Globalization;

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
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        // The name may hold anything, so fields are counted from its closing parenthesis: utime and stime are 14 and 15.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return MillisecondsPerTick * (Ticks(fields[11]) + Ticks(fields[12]));

        static long Ticks(string field) => long.Parse(field, CultureInfo.InvariantCulture);
    }

    /// <summary>Resident memory now, in MiB.</summary>
    public static double ResidentMb(int processId) => Status(processId, "VmRSS:");

    /// <summary>The most that was resident so far, in MiB.</summary>
    public static double PeakMb(int processId) => Status(processId, "VmHWM:");

    private static double Status(int processId, string field)
    {
        if (processId == 0)
            return 0;
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        var kibibytes = line[field.Length..].Trim().Split(' ')[0];
        return long.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024.0;
    }
}
