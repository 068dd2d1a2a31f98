using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>
/// Admits a request to a route that has a <see cref="ScopeRequirement"/>. ASP.NET's own authentication would build a
/// principal, a ticket and a scope of services per request; a key is a look-up.
/// </summary>
internal sealed class Authentication(RequestDelegate next, ApiKeyAuthenticator keys)
{
    private const string Scheme = "Bearer ";
    private const string KeyHeader = "X-API-Key";

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ScopeRequirement>() is { } requirement)
        {
            if (requirement.InBrowser && BasicCredentials.IsFromAnotherSite(http.Request))
            {
                await ErrorWriter.WriteAsync(http, RequestProblems.ForeignSite);
                return;
            }

            var caller = KeyOf(http.Request, requirement.InBrowser) is { } key ? await keys.AuthenticateAsync(key) : null;
            if (caller is null)
            {
                await (requirement.InBrowser ? BasicCredentials.ChallengeAsync(http) : ErrorWriter.WriteAsync(http, RequestProblems.Unauthorized));
                return;
            }

            if (requirement.OperatorOnly ? !caller.IsOperator : !caller.Scopes.HasFlag(requirement.Scope))
            {
                await ErrorWriter.WriteAsync(http, requirement.OperatorOnly ? RequestProblems.AdminOnly : RequestProblems.Forbidden(ScopeNames.NameOf(requirement.Scope)));
                return;
            }

            http.Features.Set(caller);
            // An operator's requests are about other tenants than his own.
            if (!requirement.OperatorOnly)
                TenantContext.Set(caller.Tenant);
        }

        await next(http);
    }

    /// <summary>The key that a request to the API was sent with, or null.</summary>
    public static string? KeyOf(HttpRequest request) => KeyOf(request, inBrowser: false);

    private static string? KeyOf(HttpRequest request, bool inBrowser)
    {
        var authorization = request.Headers.Authorization;
        if (authorization.Count == 1 && authorization[0] is { } value)
        {
            if (value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
                return value[Scheme.Length..].Trim();
            if (inBrowser && BasicCredentials.PasswordIn(value) is { } password)
                return password;
        }

        return request.Headers.TryGetValue(KeyHeader, out var key) && key.Count == 1 ? key[0] : null;
    }
}
