using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>Asked for code: a small program in a fenced block, in the language that the message names, else JavaScript.</summary>
internal sealed partial class CodeRule : IOfflineRule
{
    private static readonly (Regex Word, string Fence, string Code)[] Languages =
    [
        (Python(), "python", "def greet(name):\n    return f\"Hello, {name}\"\n\n\nprint(greet(\"OpenClaw\"))"),
        (TypeScript(), "typescript", "const greet = (name: string): string => `Hello, ${name}`\n\nconsole.log(greet('OpenClaw'))"),
        (CSharp(), "csharp", "Console.WriteLine(Greet(\"OpenClaw\"));\n\nstatic string Greet(string name) => $\"Hello, {name}\";"),
        (Bash(), "bash", "#!/usr/bin/env bash\nset -euo pipefail\n\ngreet() {\n  echo \"Hello, $1\"\n}\n\ngreet OpenClaw"),
        (Go(), "go", "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Println(\"Hello\")\n}"),
        (Rust(), "rust", "fn main() {\n    println!(\"Hello\");\n}"),
        (Sql(), "sql", "SELECT 'Hello' AS greeting;"),
        (Html(), "html", "<!doctype html>\n<html lang=\"en\">\n  <title>Hello</title>\n  <h1>Hello</h1>\n</html>"),
        // Last of those that are other names' beginnings: "java" must not take "javascript".
        (Java(), "java", "public class Hello {\n    public static void main(String[] args) {\n        System.out.println(\"Hello\");\n    }\n}"),
    ];

    public OfflineReply? TryAnswer(OfflineQuestion question)
    {
        if (!AsksForCode().IsMatch(question.Text)) return null;
        var (fence, code) = ("javascript", "console.log('Hello')");
        foreach (var language in Languages)
        {
            if (!language.Word.IsMatch(question.Text)) continue;
            (fence, code) = (language.Fence, language.Code);
            break;
        }

        return new OfflineReply(question.Say(
            $"Here is a small example:\n\n```{fence}\n{code}\n```\n\nI am the built-in offline model and know a few examples by heart; configure a model provider for code that fits your task.",
            $"好的，这是一个简单的示例：\n\n```{fence}\n{code}\n```\n\n我是内置的离线模型，只会几个固定的示例；如需贴合需求的代码，请配置模型提供方。"));
    }

    [GeneratedRegex(
        @"\b(?:write|give|show|create|generate|make|need|want|implement)\b.{0,80}\b(?:code|function|script|program|snippet|class)\b|\bcode\s+(?:example|sample|snippet)\b|(?:写|给|来|生成|编写|实现|要|看).{0,40}(?:代码|程序|脚本|函数)|(?:代码|程序|脚本|函数)(?:示例|例子)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex AsksForCode();

    [GeneratedRegex(@"python|(?<![A-Za-z])py(?![A-Za-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Python();

    [GeneratedRegex(@"typescript|(?<![A-Za-z])ts(?![A-Za-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TypeScript();

    [GeneratedRegex(@"c#|csharp|\.net", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CSharp();

    [GeneratedRegex(@"bash|shell|命令行", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bash();

    [GeneratedRegex(@"golang|(?<![A-Za-z])go(?![A-Za-z])(?=.{0,12}(?:code|program|function|代码|程序|语言|函数))|\bin\s+go\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Go();

    [GeneratedRegex(@"(?<![A-Za-z])rust(?![A-Za-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Rust();

    [GeneratedRegex(@"(?<![A-Za-z])sql(?![A-Za-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Sql();

    [GeneratedRegex(@"(?<![A-Za-z])html(?![A-Za-z])|网页", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Html();

    [GeneratedRegex(@"java(?!script)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Java();
}
