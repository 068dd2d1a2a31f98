using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Logins;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary><c>/ws</c>, the events of a tenant over a WebSocket, and the tickets that open one from a browser; see <c>docs/websocket.md</c>.</summary>
internal static class SocketApi
{
    public const string Path = "/ws";

    private const string TicketParameter = "ticket";

    public static IEndpointRouteBuilder MapSocketApi(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider.GetRequiredService<SocketServices>();
        var pipeline = routes.CreateApplicationBuilder();
        pipeline.Use((HttpContext http, RequestDelegate next) =>
        {
            SocketUpgrade.Prepare(http, services.Frontend.Time);
            return next(http);
        });
        // The framework's own pings have a timer for each socket.
        pipeline.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        pipeline.Run(http => OpenAsync(http, services));
        // HTTP/2 opens a WebSocket by CONNECT (RFC 8441).
        routes.MapMethods(Path, [HttpMethods.Get, HttpMethods.Connect], pipeline.Build()).WithMetadata(NeedsCluster.Instance);
        routes.MapGroup("/api/ws").RequireScope(Scopes.Read).Post("/tickets", IssueTicket);
        return routes;
    }

    private static async Task OpenAsync(HttpContext http, SocketServices services)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await ErrorWriter.WriteAsync(http, Problem.Invalid("Upgrade", SocketReasons.NotASocket));
            return;
        }

        var known = await IdentifyAsync(http, services);
        using var stranger = known?.Caller is null ? services.Open.TryEnterStranger() : null;
        if (known?.Caller is null && stranger is null)
        {
            await ErrorWriter.WriteAsync(http, RequestProblems.Overloaded);
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var transport = http.Features.Get<SocketUpgrade>()!.Transport!;
        await new SocketConnection(http, socket, transport, services).RunAsync(known, stranger);
    }

    /// <summary>
    /// What the upgrade shows: a key, a ticket, or the cookie of a page of this server's own. Null when there is nothing, or only
    /// a cookie that opens nothing: then the first frame has to show a key.
    /// </summary>
    private static async Task<(Credential Credential, Caller? Caller)?> IdentifyAsync(HttpContext http, SocketServices services)
    {
        if (Authentication.KeyOf(http.Request) is { } key)
            return Credential.TryOfKey(key) is { } shown ? await FindAsync(shown) : (default, null);
        if (http.Request.Query[TicketParameter] is [{ } ticket, ..])
        {
            return Credential.TryOfKey(ticket) is { } shown
                && await services.Frontend.Grains.GetTicket(new TicketKey(shown.Digest.ToHex())).Redeem(CancellationToken.None) is { } keyHash
                    ? await FindAsync(new Credential(CredentialKind.ApiKey, KeyDigest.Parse(keyHash)))
                    : (default, null);
        }

        // A browser sends the cookie along with whatever page asks for it, and tells which one that was.
        if (ConsoleCookie.Of(http.Request) is { } cookie && IsOwnPage(http.Request))
            return await FindAsync(cookie) is { Caller: not null } login ? login : null;
        return null;

        async Task<(Credential Credential, Caller? Caller)> FindAsync(Credential credential) =>
            (credential, await services.Callers.FindAsync(credential));
    }

    private static bool IsOwnPage(HttpRequest request) =>
        request.Headers.Origin is [{ } origin]
        && Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.Scheme is "http" or "https"
        && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private static async Task<ApiResult> IssueTicket(ApiRequest request)
    {
        var ticket = SocketTicket.Generate();
        var expiresAt = request.Services.Time.GetUtcNow() + SocketTicket.Lifetime;
        var key = request.Credential.Digest;
        await request.Grains.GetTicket(new TicketKey(KeyDigest.Of(ticket).ToHex())).Issue(key.ToHex(), expiresAt, CancellationToken.None);
        return ApiResult.Created(null, new SocketTicketResource(ticket, expiresAt), WireJson.Instance.SocketTicketResource)
            .KeepingOnly(new SocketTicketResource(null, expiresAt), WireJson.Instance.SocketTicketResource);
    }
}
