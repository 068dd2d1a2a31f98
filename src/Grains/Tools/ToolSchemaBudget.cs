using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Tools;

/// <summary>
/// The work that one check may make, in steps: a keyword's evaluation is one, and what goes through something large counts by its size.
/// Every member throws when there is none left.
/// </summary>
internal sealed class ToolSchemaBudget
{
    private const int MaxSteps = 200_000;
    private const int BytesPerStep = 128;
    private const int NamesPerStep = 32;

    private readonly Dictionary<string, Regex> _expressions = new(StringComparer.Ordinal);
    private readonly Stopwatch _matching = new();
    private int _steps;

    public void Step(int count = 1)
    {
        _steps += count;
        if (_steps > MaxSteps) throw new SchemaTooComplexException();
    }

    /// <summary>A value is gone through from its first byte to its last.</summary>
    public void StepThrough(JsonElement value) => Step(JsonMarshal.GetRawUtf8Value(value).Length / BytesPerStep);

    /// <summary>Whether an object has a member, which is looked for among all of them.</summary>
    public bool Has(JsonElement value, string name)
    {
        Step(value.GetPropertyCount() / NamesPerStep);
        return value.TryGetProperty(name, out _);
    }

    /// <summary>Whether an expression matches. Those of one check are kept here: other schemas' may push them out of what all share.</summary>
    public bool Matches(string pattern, string text)
    {
        Step(text.Length / BytesPerStep);
        if (_matching.Elapsed > ToolSchemaPattern.Timeout) throw new SchemaTooComplexException();
        _matching.Start();
        try
        {
            if (!_expressions.TryGetValue(pattern, out var expression)) _expressions[pattern] = expression = ToolSchemaPattern.Of(pattern).Expression!;
            return expression.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new SchemaTooComplexException();
        }
        finally
        {
            _matching.Stop();
        }
    }
}
