using Microsoft.Extensions.Options;
using OpenClaw.WebFrontend.Idempotency;

namespace OpenClaw.WebFrontend.Http;

/// <summary>Puts <see cref="CorsSettings"/> into force. Without origins nothing is added to the pipeline.</summary>
internal static class CorsPolicy
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(1);

    public static void UseConfiguredCors(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<IOptions<CorsSettings>>().Value.Origins;
        if (origins.Length == 0)
            return;
        app.UseCors(policy => policy
            .WithOrigins(origins)
            .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
            .WithHeaders("Authorization", "X-API-Key", "Content-Type", "Accept-Language", "Last-Event-ID", IdempotencyHeader.Name, RequestIds.Header)
            .WithExposedHeaders("Location", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", RequestIds.Header, IdempotencyHeader.Replayed)
            .SetPreflightMaxAge(PreflightAge));
    }
}
