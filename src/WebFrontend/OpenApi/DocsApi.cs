using Scalar.AspNetCore;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.OpenApi;

/// <summary><c>/openapi/v1.json</c>, the API browser at <c>/docs</c> and the page at <c>/</c>. Nothing is loaded from elsewhere.</summary>
internal static class DocsApi
{
    private const string DocumentPath = "/openapi/v1.json";

    /// <summary>The browser's page has an inline script that starts it, and its styles are made at run time.</summary>
    private const string DocsPolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private const string RootPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static readonly ReadOnlyMemory<byte> RootPage =
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>OpenClaw</title>
        <style>body{font:16px/1.6 system-ui,sans-serif;margin:4rem auto;max-width:36rem;padding:0 1rem}</style>
        <h1>OpenClaw</h1>
        <p>Durable, streamed conversations with an assistant.</p>
        <p><a href="/docs">Browse the API</a> &middot; <a href="/docs/events">Watch events</a> &middot; <a href="/openapi/v1.json">OpenAPI document</a> &middot; <a href="/readyz">Is it ready?</a></p>
        </html>
        """u8.ToArray();

    public static IEndpointRouteBuilder MapDocsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(DocumentPath, [HttpMethods.Get], static http => JsonResponse.WriteAsync(http, OpenApiDocument.Utf8));
        routes.MapMethods("/", [HttpMethods.Get], static http => WritePageAsync(http, RootPage, RootPolicy));
        routes.MapScalarApiReference("/docs", static options =>
        {
            options.WithTitle("OpenClaw API").WithOpenApiRoutePattern(DocumentPath);
            options.DefaultFonts = false;
            options.Telemetry = false;
            options.DisableAgent();
            options.DisableMcp();
            // Both lead to Scalar's own service.
            options.HideDeveloperTools();
            options.HideClientButton = true;
        }).AddDocsHeaders();
        return routes;
    }

    /// <summary>Answers with a page under its content security policy.</summary>
    public static async Task WritePageAsync(HttpContext http, ReadOnlyMemory<byte> page, string policy)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = page.Length;
        SetPageHeaders(http, policy);
        await http.Response.Body.WriteAsync(page, http.RequestAborted);
    }

    private static void AddDocsHeaders(this IEndpointConventionBuilder docs) => docs.Add(endpoint =>
    {
        var inner = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = http =>
        {
            SetPageHeaders(http, DocsPolicy);
            return inner(http);
        };
    });

    private static void SetPageHeaders(HttpContext http, string policy)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
