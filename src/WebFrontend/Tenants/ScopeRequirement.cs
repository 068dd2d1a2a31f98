using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>The policy of a route group: what a key needs to reach it.</summary>
/// <param name="Scope">The scope that the key must have.</param>
/// <param name="OperatorOnly">Only keys of the tenant <c>default</c>.</param>
/// <param name="InBrowser">The key may also come as the password of HTTP Basic, the one way in which a browser's address bar can send it.</param>
internal sealed record ScopeRequirement(Scopes Scope, bool OperatorOnly = false, bool InBrowser = false);

internal static class ScopeRequirementExtensions
{
    /// <summary>Lets only keys with <paramref name="scope"/> reach the routes: 401 without a key, 403 without the scope.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder routes, Scopes scope)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new ScopeRequirement(scope));

    /// <summary>Lets only admin keys of the tenant <c>default</c> reach the routes.</summary>
    public static TBuilder RequireOperator<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new ScopeRequirement(Scopes.Admin, OperatorOnly: true));

    /// <summary>The same for pages, which a browser opens by itself.</summary>
    public static TBuilder RequireOperatorInBrowser<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new ScopeRequirement(Scopes.Admin, OperatorOnly: true, InBrowser: true));
}
