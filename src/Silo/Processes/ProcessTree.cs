using System.Diagnostics;
using System.Globalization;

namespace OpenClaw.Silo.Processes;

/// <summary>What /proc says of processes; those that have died meanwhile are as if they had never been.</summary>
internal static class ProcessTree
{
    /// <summary>A process and all below it.</summary>
    public static IEnumerable<int> Of(int id)
    {
        yield return id;
        foreach (var child in ChildrenOf(id))
        {
            foreach (var process in Of(child)) yield return process;
        }
    }

    public static IReadOnlyList<int> ChildrenOf(int id)
    {
        try
        {
            return
            [
                .. Directory.EnumerateDirectories($"/proc/{id}/task")
                    .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
            ];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Bytes of memory that a process has, shared with others or not.</summary>
    public static long ResidentBytes(int id) => Status(id, "VmRSS:");

    /// <summary>Bytes of memory that a process has and shares with no file.</summary>
    public static long AnonymousBytes(int id) => Status(id, "RssAnon:");

    /// <summary>Its program and arguments, with NULs between them.</summary>
    public static string CommandLineOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    public static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It is dead already.
        }
    }

    private static long Status(int id, string field)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{id}/status"))
            {
                if (line.StartsWith(field, StringComparison.Ordinal))
                    return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It has died.
        }

        return 0;
    }
}
