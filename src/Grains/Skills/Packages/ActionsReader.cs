using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Skills;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>Reads <c>actions.json</c>, as <c>docs/skills.md</c> has it.</summary>
internal static class ActionsReader
{
    private const int MaxActions = 64;
    private const int MaxDescription = 1024;
    private const int MaxTimeoutSeconds = 600;
    private const int MaxNameBytes = 512;
    private const string HalfPair = "holds half of a surrogate pair, which is no text";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    private static readonly JsonElement AnyObject = JsonElement.Parse("""{"type":"object"}""");

    public static (IReadOnlyList<SkillAction>? Actions, SkillPackageError? Error) Read(string json, bool isBuiltIn)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        JsonElement root;
        try
        {
            if (FindLongName(bytes) is { } tooLong)
                return (null, new SkillPackageError(SkillManifestReader.ActionsFile, tooLong, new LocalizedText($"holds a name longer than {MaxNameBytes} bytes", $"包含长度超过 {MaxNameBytes} 字节的名称")));
            using var document = JsonDocument.Parse(bytes, Options);
            root = document.RootElement.Clone();
        }
        catch (JsonException failure) when (failure.LineNumber is { } line)
        {
            return (null, new SkillPackageError(SkillManifestReader.ActionsFile, (int)line + 1, new LocalizedText("is not valid JSON", "不是有效的 JSON")));
        }
        catch (JsonException)
        {
            // What is no matter of syntax is found behind the text's end, and has no line.
            var twice = new JsonLines(bytes).Twice;
            return (null, new SkillPackageError(SkillManifestReader.ActionsFile, twice?.Line ?? 1, new LocalizedText($"{twice?.Path} is there twice", $"{twice?.Path} 重复")));
        }
        catch (InvalidOperationException)
        {
            // A name that is no text cannot be compared with the others.
            return (null, new SkillPackageError(SkillManifestReader.ActionsFile, 1, new LocalizedText(HalfPair, HalfPair)));
        }

        try
        {
            if (!UnicodeCheck.IsReadable(root)) throw new ActionsException("", HalfPair);
            return (ReadAll(new ActionFields(root, ""), isBuiltIn), null);
        }
        catch (ActionsException refused)
        {
            var told = refused.Path.Length == 0 ? refused.Must : $"{refused.Path} {refused.Must}";
            return (null, new SkillPackageError(SkillManifestReader.ActionsFile, new JsonLines(bytes).Of(refused.Path), new LocalizedText(told, told)));
        }
    }

    /// <summary>The line of a name that is too long, or null: paths are made of names, again and again.</summary>
    private static int? FindLongName(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName && reader.ValueSpan.Length > MaxNameBytes)
                return utf8[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;
        }

        return null;
    }

    private static List<SkillAction> ReadAll(ActionFields root, bool isBuiltIn)
    {
        root.Only("actions", "$schema");
        var items = root.Items("actions", MaxActions, required: true);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var actions = new List<SkillAction>();
        foreach (var fields in items)
        {
            var action = ReadAction(fields, isBuiltIn);
            if (action.Name.Length > 0 && !names.Add(action.Name)) throw fields.Wrong("name", "is there twice");
            actions.Add(action);
        }

        return actions;
    }

    private static SkillAction ReadAction(ActionFields fields, bool isBuiltIn)
    {
        fields.Only("name", "description", "parameters", "timeoutSeconds", "idempotent", "runner");
        var runner = ReadRunner(fields.Object("runner") ?? throw fields.Wrong("runner", "is missing"), isBuiltIn);
        var name = fields.Text("name", 64) ?? (runner is McpRunner ? "" : throw fields.Wrong("name", "is missing"));
        if (name.Length > 0 && !SkillNames.IsActionName(name)) throw fields.Wrong("name", "must be 1 to 64 of A-Z, a-z, 0-9 and . _ -");
        var seconds = fields.Integer("timeoutSeconds", 1, MaxTimeoutSeconds);
        return new SkillAction
        {
            Name = name,
            Description = fields.Text("description", MaxDescription) ?? "",
            Parameters = ReadSchema(fields, runner),
            Timeout = seconds is { } given ? TimeSpan.FromSeconds(given) : SkillAction.DefaultTimeout,
            IsIdempotent = fields.Flag("idempotent"),
            Runner = runner,
        };
    }

    private static JsonElement ReadSchema(ActionFields fields, SkillRunner runner)
    {
        if (fields.Find("parameters") is not { } schema) return AnyObject;
        if (runner is McpRunner) throw fields.Wrong("parameters", "must be left out: the server's tools have their own");
        if (schema.ValueKind is not JsonValueKind.Object) throw fields.Wrong("parameters", "must be a JSON Schema of an object");
        if (schema.TryGetProperty("type", out var type) && !(type.ValueKind is JsonValueKind.String && type.GetString() == "object"))
            throw fields.Wrong("parameters.type", "must be object");
        return Grains.Tools.ToolSchema.FindProblem(schema) is { } problem
            ? throw fields.Wrong(problem.Path.Length == 0 ? "parameters" : $"parameters.{problem.Path}", problem.Reason)
            : schema;
    }

    private static SkillRunner ReadRunner(ActionFields fields, bool isBuiltIn)
    {
        switch (fields.Text("type", 64))
        {
            case "command":
                fields.Only("type", "command");
                return new CommandRunner(ReadCommand(fields) ?? throw fields.Wrong("command", "is missing"));
            case "http":
                fields.Only("type", "method", "url", "query", "headers", "body");
                return ReadHttp(fields);
            case "mcp":
                fields.Only("type", "command", "url", "headers", "tools");
                return ReadMcp(fields);
            case "prompt":
                fields.Only("type", "prompt");
                var prompt = fields.Template("prompt", 32_768) ?? "{{input}}";
                // It becomes a message, which everybody who may read the conversation reads, and a model.
                return prompt.Contains("secrets.", StringComparison.Ordinal) && SkillTemplate.HasSecrets(prompt) ? throw fields.Wrong("prompt", "must not hold secrets") : new PromptRunner(prompt);
            case "server" when isBuiltIn:
                fields.Only("type", "name");
                return new ServerRunner(fields.Text("name", 64) ?? throw fields.Wrong("name", "is missing"));
            default:
                throw fields.Wrong("type", "must be one of command, http, mcp, prompt");
        }
    }

    private static IReadOnlyList<string>? ReadCommand(ActionFields fields)
    {
        if (fields.Find("command") is null) return null;
        var arguments = fields.Texts("command", 64, 4096);
        return arguments.Count > 0 && arguments[0].Length > 0 ? arguments : throw fields.Wrong("command", "must begin with a program");
    }

    private static HttpRunner ReadHttp(ActionFields fields)
    {
        var method = fields.Text("method", 16) ?? "GET";
        if (method is not ("GET" or "POST" or "PUT" or "PATCH" or "DELETE")) throw fields.Wrong("method", "must be GET, POST, PUT, PATCH or DELETE");
        if (fields.Find("body") is { } body)
        {
            if (method is "GET") throw fields.Wrong("body", "must be left out of a GET");
            CheckTemplates(fields, "body", body);
        }

        return new HttpRunner
        {
            Method = method,
            Url = fields.Template("url", 8192) ?? throw fields.Wrong("url", "is missing"),
            Query = fields.Templates("query"),
            Headers = ReadHeaders(fields),
            Body = fields.Find("body"),
        };
    }

    private static McpRunner ReadMcp(ActionFields fields)
    {
        var arguments = ReadCommand(fields);
        var url = fields.Template("url", 8192);
        if (arguments is null == url is null) throw fields.Wrong("type", "mcp needs either command or url");
        if (arguments is not null && fields.Find("headers") is not null) throw fields.Wrong("headers", "goes with url alone");
        return new McpRunner
        {
            Arguments = arguments,
            Url = url,
            Headers = ReadHeaders(fields),
            Tools = fields.Find("tools") is null ? null : fields.Texts("tools", 128, 128),
        };
    }

    private static IReadOnlyList<KeyValuePair<string, string>> ReadHeaders(ActionFields fields)
    {
        var headers = fields.Templates("headers");
        foreach (var (name, _) in headers)
        {
            // A token of RFC 9110, section 5.6.2; those that frame the request are the client's own.
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
                throw fields.Wrong($"headers.{name}", "is no name of a header");
            if (name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase)
                || new[] { "Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Te", "Trailer", "Expect" }.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw fields.Wrong($"headers.{name}", "is the client's own to set");
        }

        return headers;
    }

    private static void CheckTemplates(ActionFields fields, string path, JsonElement body)
    {
        switch (body.ValueKind)
        {
            case JsonValueKind.String when SkillTemplate.FindProblem(body.GetString()!) is { } problem:
                throw fields.Wrong(path, problem);
            case JsonValueKind.Object:
                foreach (var member in body.EnumerateObject()) CheckTemplates(fields, $"{path}.{member.Name}", member.Value);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in body.EnumerateArray()) CheckTemplates(fields, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), item);
                break;
        }
    }
}

/// <summary>What is wrong in <c>actions.json</c>; caught where it is read.</summary>
internal sealed class ActionsException(string path, string must) : Exception(must)
{
    public string Path => path;

    public string Must => Message;
}
