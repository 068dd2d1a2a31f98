using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>Reads what a skill's folder says of it. Errors name file and line.</summary>
internal static class SkillManifestReader
{
    public const string InstructionsFile = "SKILL.md";
    public const string ActionsFile = "actions.json";

    private const int MaxInstructionsBytes = 256 * 1024;
    private const int MaxActionsBytes = 256 * 1024;

    private static readonly JsonElement Input = JsonElement.Parse(
        """{"type":"object","properties":{"input":{"type":"string","minLength":1,"maxLength":100000}},"required":["input"],"additionalProperties":false}""");

    /// <param name="directory">The folder.</param>
    /// <param name="isBuiltIn">It is the server's own, and may use what the server does itself.</param>
    /// <returns>The manifest, or what is wrong with it.</returns>
    public static (SkillManifest? Manifest, SkillPackageError? Error) Read(string directory, bool isBuiltIn)
    {
        var (text, error) = ReadText(directory, InstructionsFile, MaxInstructionsBytes);
        if (text is null) return (null, error ?? new SkillPackageError(InstructionsFile, null, ManifestReasons.NoInstructions));
        var (front, wrong) = FrontmatterReader.Read(text);
        if (front is null) return (null, wrong);
        var (json, unreadable) = ReadText(directory, ActionsFile, MaxActionsBytes);
        if (unreadable is not null) return (null, unreadable);
        if (json is null) return (front with { Actions = [Prompt] }, null);
        var (actions, refused) = ActionsReader.Read(json, isBuiltIn);
        return actions is null ? (null, refused) : (front with { Actions = actions }, null);
    }

    /// <summary>The text behind the frontmatter.</summary>
    /// <exception cref="IOException">The file is not there.</exception>
    public static string ReadInstructions(string directory) =>
        FrontmatterReader.BodyOf(File.ReadAllText(Path.Combine(directory, InstructionsFile))).Trim();

    private static SkillAction Prompt { get; } = new()
    {
        Name = "run",
        Description = "Follows the skill's instructions.",
        Parameters = Input,
        Timeout = SkillAction.MaxTimeout,
        Runner = new PromptRunner("{{input}}"),
    };

    /// <summary>Neither when there is no such file.</summary>
    private static (string? Text, SkillPackageError? Error) ReadText(string directory, string name, int most)
    {
        var file = new FileInfo(Path.Combine(directory, name));
        if (!file.Exists || file.LinkTarget is not null) return (null, null);
        if (file.Length > most) return (null, new SkillPackageError(name, null, Reasons.TooLong(most, "bytes")));
        var bytes = File.ReadAllBytes(file.FullName).AsSpan();
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        return Utf8.IsValid(bytes) ? (Encoding.UTF8.GetString(bytes), null) : (null, new SkillPackageError(name, null, ManifestReasons.NotUtf8));
    }
}
