using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>A tenant's id: <c>[a-z][a-z0-9-]{1,39}</c>.</summary>
public readonly partial record struct TenantId
{
    /// <summary>The tenant made at first start; only its admin keys reach <c>/api/admin</c>.</summary>
    public static readonly TenantId Default = new("default");

    private readonly string? _value;

    private TenantId(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("An uninitialised tenant id was used.");

    /// <exception cref="FormatException">The text is not a tenant id.</exception>
    public static TenantId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"'{text}' is not a tenant id; it must match [a-z][a-z0-9-]{{1,39}}.");

    public static bool TryParse(string? text, out TenantId id)
    {
        var valid = text is not null && Pattern().IsMatch(text);
        id = valid ? new TenantId(text!) : default;
        return valid;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{1,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
