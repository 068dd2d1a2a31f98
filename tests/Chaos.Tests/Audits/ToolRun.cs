namespace OpenClaw.Chaos.Tests.Audits;

/// <summary>A run of the recorder tool, as the tool itself has written it down.</summary>
/// <param name="Word">What it was called with; the messages of a run ask for no word twice.</param>
/// <param name="Call">Session and idempotency key of the call.</param>
internal sealed record ToolRun(string Word, string Call)
{
    /// <summary>The records of all silo processes of a run.</summary>
    public static ILookup<string, ToolRun> Read(string directory) => Directory.EnumerateFiles(directory)
        .SelectMany(File.ReadLines)
        .Select(line => line.Split('\t'))
        .Select(fields => new ToolRun(fields[0], $"{fields[1]} {fields[2]}"))
        .ToLookup(run => run.Word);
}
