using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Logins;

/// <summary><c>/api/console</c>: signing a browser in with a key, so that pages of this server can open a WebSocket.</summary>
internal static class LoginApi
{
    public static IEndpointRouteBuilder MapLoginApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGroup("/api/console").RequireScope(Scopes.Read).PostKeyed("/login", SignIn);
        // Whoever has no sign-in is signed out.
        routes.MapGroup("/api/console").PostKeyed("/logout", SignOut).WithMetadata(NeedsCluster.Instance);
        return routes;
    }

    private static async Task<ApiResult> SignIn(ApiRequest request)
    {
        var key = request.Credential.Digest;
        var login = ConsoleCookie.Set(request.Http);
        await request.Grains.GetLogin(new LoginKey(login.Digest.ToHex()))
            .Begin(key.ToHex(), request.Services.Time.GetUtcNow() + ConsoleCookie.Lifetime, CancellationToken.None);
        return ApiResult.Done;
    }

    private static async Task<ApiResult> SignOut(ApiRequest request)
    {
        if (ConsoleCookie.Of(request.Http.Request) is { } login)
            await request.Grains.GetLogin(new LoginKey(login.Digest.ToHex())).End(CancellationToken.None);
        ConsoleCookie.Clear(request.Http);
        return ApiResult.Done;
    }
}
