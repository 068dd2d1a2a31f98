using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>The policy of a route group: what a key needs to reach it.</summary>
/// <param name="Scope">The scope that the key must have.</param>
/// <param name="OperatorOnly">Only keys of the tenant <c>default</c>.</param>
internal sealed record ScopeRequirement(Scopes Scope, bool OperatorOnly = false);

internal static class ScopeRequirementExtensions
{
    /// <summary>Lets only keys with <paramref name="scope"/> reach the routes: 401 without a key, 403 without the scope.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder routes, Scopes scope)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new ScopeRequirement(scope));

    /// <summary>Lets only admin keys of the tenant <c>default</c> reach the routes.</summary>
    public static TBuilder RequireOperator<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new ScopeRequirement(Scopes.Admin, OperatorOnly: true));
}
