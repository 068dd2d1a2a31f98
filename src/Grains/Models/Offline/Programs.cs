using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>The programs that the built-in model knows by heart.</summary>
internal static partial class Programs
{
    private static readonly (Regex Word, string Fence, string Extension, string Code)[] Languages =
    [
        (Python(), "python", ".py", "def greet(name):\n    return f\"Hello, {name}\"\n\n\nprint(greet(\"OpenClaw\"))"),
        (TypeScript(), "typescript", ".ts", "const greet = (name: string): string => `Hello, ${name}`\n\nconsole.log(greet('OpenClaw'))"),
        (CSharp(), "csharp", ".cs", "Console.WriteLine(Greet(\"OpenClaw\"));\n\nstatic string Greet(string name) => $\"Hello, {name}\";"),
        (Bash(), "bash", ".sh", "#!/usr/bin/env bash\nset -euo pipefail\n\ngreet() {\n  echo \"Hello, $1\"\n}\n\ngreet OpenClaw"),
        (Go(), "go", ".go", "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Println(\"Hello\")\n}"),
        (Rust(), "rust", ".rs", "fn main() {\n    println!(\"Hello\");\n}"),
        (Sql(), "sql", ".sql", "SELECT 'Hello' AS greeting;"),
        (Html(), "html", ".html", "<!doctype html>\n<html lang=\"en\">\n  <title>Hello</title>\n  <h1>Hello</h1>\n</html>"),
        // Last of those that are other names' beginnings: "java" must not take "javascript".
        (Java(), "java", ".java", "public class Hello {\n    public static void main(String[] args) {\n        System.out.println(\"Hello\");\n    }\n}"),
    ];

    /// <summary>The Fibonacci numbers, by the extension of the language.</summary>
    private static readonly Dictionary<string, string> Fibonacci = new()
    {
        [".py"] = "def fibonacci(count):\n    a, b = 0, 1\n    for _ in range(count):\n        yield a\n        a, b = b, a + b\n\n\nprint(*fibonacci(10))",
        [".js"] = "const numbers = [0, 1]\nwhile (numbers.length < 10) numbers.push(numbers.at(-1) + numbers.at(-2))\nconsole.log(numbers.join(' '))",
        [".sh"] = "#!/usr/bin/env bash\nset -euo pipefail\n\na=0 b=1\nfor _ in {1..10}; do\n  printf '%d ' \"$a\"\n  read -r a b <<<\"$b $((a + b))\"\ndone\necho",
    };

    /// <summary>The program in the language that the words name, else JavaScript.</summary>
    public static (string Fence, string Code) For(string words)
    {
        foreach (var language in Languages)
        {
            if (language.Word.IsMatch(words)) return (language.Fence, language.Code);
        }

        return ("javascript", "console.log('Hello')");
    }

    /// <summary>The program for a file: its name tells the language, or else the words do.</summary>
    public static string For(string words, string path)
    {
        var extension = Path.GetExtension(path);
        if (AsksForFibonacci().IsMatch(words) && Fibonacci.TryGetValue(extension, out var known)) return known;
        foreach (var language in Languages)
        {
            if (language.Extension == extension) return language.Code;
        }

        return For(words).Code;
    }

    [GeneratedRegex(@"fibonacci|斐波那契|斐波纳契", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksForFibonacci();

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
