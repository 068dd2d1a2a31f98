using System.Text.Json;
using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Approvals;

/// <summary>Policies and answers as requests state them, with their limits.</summary>
internal static class ApprovalRequests
{
    public const string PolicyField = "toolPolicy";

    private const string AllowOnce = "allow-once";
    private const string AllowAlways = "allow-always";
    private const string Deny = "deny";
    private const int MaxArgumentsBytes = 64 * 1024;

    /// <summary>The decision, or null when there is a problem.</summary>
    public static ApprovalDecision? ReadDecision(JsonFields fields)
    {
        switch (fields.Text("decision", required: true))
        {
            case AllowOnce: return ApprovalDecision.AllowOnce;
            case AllowAlways: return ApprovalDecision.AllowAlways;
            case Deny: return ApprovalDecision.Deny;
            case not null:
                fields.Refuse("decision", RequestReasons.OneOf($"{AllowOnce}, {AllowAlways}, {Deny}"));
                break;
        }

        return null;
    }

    /// <summary>The rules at <c>toolPolicy</c>, or null when absent or wrong.</summary>
    public static ToolPolicy? ReadPolicy(JsonFields fields, bool required = false)
    {
        if (fields.IsAbsent(PolicyField))
        {
            if (required)
                fields.Refuse(PolicyField, Reasons.Empty);
            return null;
        }

        var rules = new List<ToolRule>();
        foreach (var item in fields.Objects(PolicyField, ToolPolicy.MaxRules))
        {
            var tool = item.Text("tool", maxChars: ToolRule.MaxToolLength, required: true);
            if (tool is not null && !tool.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '*'))
                item.Refuse("tool", RequestReasons.ToolPattern);
            var arguments = ReadArguments(item);
            var decision = item.Choice<ToolDecision>("decision", required: true);
            fields.Adopt(item);
            if (item.Problem is not null)
                return null;
            rules.Add(new ToolRule { Tool = tool!, Arguments = arguments, Decision = decision!.Value });
        }

        if (rules.Sum(rule => rule.Tool.Length + rule.Arguments.Sum(pattern => pattern.Name.Length + pattern.Pattern.Length)) > ToolPolicy.MaxLength)
            fields.Refuse(PolicyField, RequestReasons.TooManyCharacters(ToolPolicy.MaxLength));
        return fields.Problem is null ? new ToolPolicy { Rules = rules } : null;
    }

    private static ArgumentPattern[] ReadArguments(JsonFields item)
    {
        if (item.Object("arguments", MaxArgumentsBytes) is not { } json || item.Problem is not null)
            return [];
        using var document = JsonDocument.Parse(json.Utf8);
        var patterns = new Dictionary<string, ArgumentPattern>(StringComparer.Ordinal);
        foreach (var argument in document.RootElement.EnumerateObject())
        {
            var path = $"arguments.{argument.Name}";
            if (argument.Value.ValueKind != JsonValueKind.String)
                item.Refuse(path, RequestReasons.Expected(JsonKind.String, argument.Value.Kind()));
            else if (argument.Name.Length is 0 or > ArgumentPattern.MaxNameLength)
                item.Refuse("arguments", RequestReasons.TooManyCharacters(ArgumentPattern.MaxNameLength));
            else if (argument.Value.GetString() is { Length: > ArgumentPattern.MaxPatternLength })
                item.Refuse(path, RequestReasons.TooManyCharacters(ArgumentPattern.MaxPatternLength));
            else
                patterns[argument.Name] = new ArgumentPattern(argument.Name, argument.Value.GetString()!);
        }

        if (patterns.Count > ToolRule.MaxArguments)
            item.Refuse("arguments", RequestReasons.TooMany(ToolRule.MaxArguments));
        return [.. patterns.Values];
    }
}
