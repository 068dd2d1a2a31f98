using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>Scopes as the API writes them.</summary>
internal static class ScopeNames
{
    public const string All = "read, write, execute, admin";

    private static readonly (string Name, Scopes Scope)[] Names =
    [
        ("read", Scopes.Read),
        ("write", Scopes.Write),
        ("execute", Scopes.Execute),
        ("admin", Scopes.Admin),
    ];

    public static string NameOf(Scopes scope) => Names.First(name => name.Scope == scope).Name;

    public static IReadOnlyList<string> Of(Scopes scopes) =>
        [.. Names.Where(name => scopes.HasFlag(name.Scope)).Select(name => name.Name)];

    /// <summary>The scope with this name, or null.</summary>
    public static Scopes? Parse(string name)
    {
        var index = Array.FindIndex(Names, entry => entry.Name == name);
        return index < 0 ? null : Names[index].Scope;
    }
}
