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

    /// <summary>The process that started it, or that has taken it over; null when it has died.</summary>
    public static int? ParentOf(int id) => Status(id, "PPid:") is { } parent ? int.Parse(parent, CultureInfo.InvariantCulture) : null;

    /// <summary>Bytes of memory that a process has, shared with others or not.</summary>
    public static long ResidentBytes(int id) => KibibytesOf(id, "VmRSS:");

    /// <summary>Bytes of memory that a process has and shares with no file.</summary>
    public static long AnonymousBytes(int id) => KibibytesOf(id, "RssAnon:");

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

    private static long KibibytesOf(int id, string field) =>
        Status(id, field) is { } size ? long.Parse(size.Split(' ')[0], CultureInfo.InvariantCulture) * 1024 : 0;

    /// <summary>The text of a field; see proc(5).</summary>
    private static string? Status(int id, string field)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{id}/status"))
            {
                if (line.StartsWith(field, StringComparison.Ordinal)) return line[field.Length..].Trim();
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It has died.
        }

        return null;
    }
}
