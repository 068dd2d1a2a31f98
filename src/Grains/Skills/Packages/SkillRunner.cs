using System.Text.Json;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>How an action is run.</summary>
internal abstract record SkillRunner;

/// <summary>A program in the tenant's sandbox: parameters as JSON on its standard input, the result as JSON on its standard output.</summary>
/// <param name="Arguments">The program and its arguments, 1 to 64; <c>{baseDir}</c> in them is the skill's folder, where the program starts.</param>
internal sealed record CommandRunner(IReadOnlyList<string> Arguments) : SkillRunner;

/// <summary>An HTTP request, through the egress policy. Texts are templates: <see cref="SkillTemplate"/>.</summary>
internal sealed record HttpRunner : SkillRunner
{
    /// <summary><c>GET</c>, <c>POST</c>, <c>PUT</c>, <c>PATCH</c> or <c>DELETE</c>.</summary>
    public required string Method { get; init; }

    public required string Url { get; init; }

    /// <summary>Added to the URL; one whose template comes to nothing is left out.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>JSON whose texts are templates; null sends no body.</summary>
    public JsonElement? Body { get; init; }
}

/// <summary>A Model Context Protocol server, whose tools become actions: a program in the sandbox, or an address.</summary>
internal sealed record McpRunner : SkillRunner
{
    /// <summary>As of <see cref="CommandRunner"/>; null for a server at an address.</summary>
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>Template of the server's address (Streamable HTTP); null for a program.</summary>
    public string? Url { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The tools that become actions; null takes all of them.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>Which of the server's tools an action is; null in the manifest, where the tools are not known yet.</summary>
    public string? Tool { get; init; }
}

/// <summary>A turn of a conversation of its own with the skill's text as instructions.</summary>
/// <param name="Prompt">Template of the message; <c>{{input}}</c> of an action that says nothing.</param>
internal sealed record PromptRunner(string Prompt) : SkillRunner;

/// <summary>Something that the server itself does; for built-in skills alone.</summary>
/// <param name="Name">Of an action of the server's.</param>
internal sealed record ServerRunner(string Name) : SkillRunner;
