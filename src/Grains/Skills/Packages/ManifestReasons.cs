using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>What is wrong with <c>SKILL.md</c> and <c>actions.json</c>.</summary>
internal static class ManifestReasons
{
    public static LocalizedText NoInstructions { get; } = new("is missing: a skill is a folder with a SKILL.md", "缺少该文件:技能是包含 SKILL.md 的文件夹");

    public static LocalizedText NotUtf8 { get; } = new("must be valid UTF-8", "必须是有效的 UTF-8");

    public static LocalizedText NoFrontmatter { get; } = new(
        "must begin with frontmatter: a line ---, the fields name and description, and another line ---", "必须以 frontmatter 开头:一行 ---、name 和 description 字段,再一行 ---");

    public static LocalizedText TooMuchFrontmatter { get; } = new("the frontmatter must not be longer than 16 KiB", "frontmatter 不能超过 16 KiB");

    public static LocalizedText Anchors { get; } = new("must not use anchors, aliases or tags", "不能使用锚点、别名或标签");

    public static LocalizedText TooDeep { get; } = new("must not be nested more than 16 deep", "嵌套不能超过 16 层");

    public static LocalizedText Yaml(string why) => new($"is not valid YAML: {why}", $"不是有效的 YAML:{why}");

    public static LocalizedText NotAMapping { get; } = new("must be fields, each with a value", "必须是字段及其值");

    public static LocalizedText Missing(string field) => new($"{field} is missing", $"缺少 {field}");

    public static LocalizedText Wrong(string field, string must) => new($"{field} {must}", $"{field}:{must}");
}
