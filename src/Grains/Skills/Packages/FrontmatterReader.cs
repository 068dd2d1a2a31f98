using System.Globalization;
using System.Text;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Skills;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>Reads the frontmatter of <c>SKILL.md</c>: YAML, without what could make much of little.</summary>
internal static class FrontmatterReader
{
    private const string Mark = "---";
    private const int MaxBytes = 16 * 1024;
    private const int MaxDepth = 16;
    private const int MaxDescription = 1024;
    private const int MaxText = 1024;

    /// <summary>Fields alone: the manifest has no actions yet.</summary>
    public static (SkillManifest? Manifest, SkillPackageError? Error) Read(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var end = lines[0].TrimEnd() == Mark ? Array.FindIndex(lines, 1, line => line.TrimEnd() == Mark) : -1;
        if (end < 0) return (null, At(1, ManifestReasons.NoFrontmatter));
        var yaml = string.Join('\n', lines[1..end]);
        if (Encoding.UTF8.GetByteCount(yaml) > MaxBytes) return (null, At(1, ManifestReasons.TooMuchFrontmatter));
        try
        {
            var fields = new FrontmatterFields(Load(yaml, 1));
            var manifest = new SkillManifest
            {
                Name = fields.Text("name", MaxText, required: true) ?? "",
                Description = fields.Text("description", MaxDescription, required: true) ?? "",
                Version = fields.Text("version", MaxText),
                Homepage = fields.Text("homepage", MaxText),
                License = fields.Text("license", MaxText),
                IsForModels = !fields.Flag("disable-model-invocation"),
                Secrets = SecretsOf(fields),
                Actions = [],
            };
            if (!SkillNames.IsSkillName(manifest.Name))
                fields.Refuse("name", "must be 1 to 64 of a-z, 0-9 and -, and begin and end with a letter or digit");
            if (manifest.Version is { } version && !SkillNames.IsVersion(version))
                fields.Refuse("version", "must be 1 to 64 of A-Z, a-z, 0-9 and . + _ -, and begin with a letter or digit");
            return (manifest, null);
        }
        catch (FrontmatterException refused)
        {
            return (null, At(refused.Line, refused.Reason));
        }
    }

    /// <summary>What stands behind the frontmatter.</summary>
    public static string BodyOf(string text)
    {
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        var end = lines[0].TrimEnd() == Mark ? Array.FindIndex(lines, 1, line => line.TrimEnd() == Mark) : -1;
        return string.Join('\n', lines[(end + 1)..]);
    }

    /// <summary>The mapping that a text is.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="before">Lines that stand before it in the file.</param>
    /// <exception cref="FrontmatterException">It is none.</exception>
    private static YamlMappingNode Load(string yaml, int before)
    {
        try
        {
            Check(yaml, before);
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root
                ? root
                : throw new FrontmatterException(before + 1, ManifestReasons.NotAMapping);
        }
        catch (YamlException failure)
        {
            throw new FrontmatterException(before + (int)failure.Start.Line, ManifestReasons.Yaml(failure.Message.Split('\n')[0]));
        }
    }

    /// <summary>Before a model is made of it: an alias can stand for a great deal, again and again.</summary>
    private static void Check(string yaml, int before)
    {
        var parser = new Parser(new StringReader(yaml));
        var depth = 0;
        while (parser.MoveNext())
        {
            var line = before + (int)parser.Current!.Start.Line;
            if (parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false })
                throw new FrontmatterException(line, ManifestReasons.Anchors);
            depth += parser.Current.NestingIncrease;
            // The stream and the document count as well.
            if (depth > MaxDepth + 2) throw new FrontmatterException(line, ManifestReasons.TooDeep);
        }
    }

    private static IReadOnlyList<SkillSecret> SecretsOf(FrontmatterFields fields)
    {
        if (Inner(fields, "metadata") is not { } metadata || (Inner(metadata, "openclaw") ?? Inner(metadata, "clawdbot")) is not { } own) return [];
        var secrets = new Dictionary<string, SkillSecret>(StringComparer.Ordinal);
        foreach (var name in Inner(own, "requires")?.Texts("env") ?? []) Add(name, true, null);
        if (own.Text("primaryEnv", MaxText) is { } primary) Add(primary, true, null);
        foreach (var item in own.Items("envVars"))
        {
            if (item is YamlScalarNode { Value: { } name }) Add(name, false, null);
            else if (item is YamlMappingNode mapping && new FrontmatterFields(mapping, own.Before) is var described)
                Add(described.Text("name", MaxText, required: true)!, described.Flag("required"), described.Text("description", MaxText));
        }

        return [.. secrets.Values];

        void Add(string name, bool isRequired, string? description)
        {
            if (!SkillNames.IsSecretName(name)) own.Refuse("requires", $"names '{PackagePaths.Shorten(name)}', which is no name of a secret: 1 to 64 of A-Z, a-z, 0-9 and _");
            var known = secrets.GetValueOrDefault(name);
            secrets[name] = new SkillSecret(name, isRequired || known?.IsRequired == true, description ?? known?.Description);
        }
    }

    /// <summary>Fields within a field; older skills have them as JSON in one line.</summary>
    private static FrontmatterFields? Inner(FrontmatterFields fields, string name) => fields.Find(name) switch
    {
        YamlMappingNode mapping => new FrontmatterFields(mapping, fields.Before),
        YamlScalarNode { Value: { Length: > 0 } json } scalar when json.TrimStart().StartsWith('{') =>
            new FrontmatterFields(Load(json, fields.Before + (int)scalar.Start.Line - 1), fields.Before + (int)scalar.Start.Line - 1),
        _ => null,
    };

    private static SkillPackageError At(int line, LocalizedText reason) => new(SkillManifestReader.InstructionsFile, line, reason);
}

/// <summary>The fields of a mapping.</summary>
internal sealed class FrontmatterFields(YamlMappingNode mapping, int before = 1)
{
    /// <summary>Lines that stand before the mapping's text in the file.</summary>
    public int Before => before;

    public YamlNode? Find(string name) => mapping.Children.FirstOrDefault(field => field.Key is YamlScalarNode { Value: { } key } && key == name).Value;

    /// <exception cref="FrontmatterException">It is wrong.</exception>
    public string? Text(string name, int most, bool required = false)
    {
        var found = Find(name);
        if (found is null or YamlScalarNode { Value: null or "" })
            return required ? throw new FrontmatterException(LineOf(found), ManifestReasons.Missing(name)) : null;
        if (found is not YamlScalarNode { Value: { } text }) throw Wrong(name, "must be a text");
        return text.Length <= most && !text.Contains('\0') ? text : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must not be longer than {most} characters"));
    }

    public bool Flag(string name) => Find(name) switch
    {
        null => false,
        YamlScalarNode { Value: { } text } when bool.TryParse(text, out var flag) => flag,
        _ => throw Wrong(name, "must be true or false"),
    };

    public IEnumerable<YamlNode> Items(string name) => Find(name) switch
    {
        null or YamlScalarNode { Value: null or "" } => [],
        YamlSequenceNode sequence => sequence.Children,
        _ => throw Wrong(name, "must be a list"),
    };

    public IEnumerable<string> Texts(string name) =>
        Items(name).Select(item => item is YamlScalarNode { Value: { } text } ? text : throw Wrong(name, "must be a list of texts"));

    public void Refuse(string name, string must) => throw Wrong(name, must);

    private FrontmatterException Wrong(string name, string must) => new(LineOf(Find(name)), ManifestReasons.Wrong(name, must));

    private int LineOf(YamlNode? node) => before + (int)(node?.Start.Line ?? mapping.Start.Line);
}

/// <summary>Frontmatter that cannot be used; caught where it is read.</summary>
internal sealed class FrontmatterException(int line, LocalizedText reason) : Exception(reason.English)
{
    public int Line => line;

    public LocalizedText Reason => reason;
}
