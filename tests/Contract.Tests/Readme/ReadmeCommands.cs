using System.Text.RegularExpressions;

namespace OpenClaw.Contract.Tests.Readme;

/// <summary>The commands of the README: the lines of its fenced blocks marked <c>sh</c>.</summary>
internal static partial class ReadmeCommands
{
    /// <summary>The folder of the README and the scripts that it names.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Each block's text, in the README's order.</summary>
    public static IReadOnlyList<string> Read() =>
        [.. Block().Matches(File.ReadAllText(Path.Combine(Root, "README.md"))).Select(block => block.Groups["text"].Value)];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "run.sh")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No run.sh above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex(@"^```sh\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
