using System.Diagnostics.CodeAnalysis;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary><c>/api/admin</c>: tenants, their keys and their limits, for the operator.</summary>
internal static class AdminApi
{
    private const string Prefix = "/api/admin";

    public static IEndpointRouteBuilder MapAdminApi(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup(Prefix).RequireOperator();
        admin.Post("/tenants", CreateTenant);
        admin.Get("/tenants", ListTenants);
        admin.Delete("/tenants/{tenantId}", DeleteTenant);
        admin.Post("/tenants/{tenantId}/keys", CreateKey);
        admin.Get("/tenants/{tenantId}/keys", ListKeys);
        admin.Delete("/keys/{keyId}", DeleteKey);
        admin.Get("/tenants/{tenantId}/limits", GetLimits);
        admin.Put("/tenants/{tenantId}/limits", SetLimits);
        return routes;
    }

    private static async Task<ApiResult> CreateTenant(ApiRequest request)
    {
        var (body, problem) = await request.ReadAsync(AdminRequests.ReadTenant);
        if (body is null)
            return ApiResult.Refused(problem!);
        var tenant = new TenantInfo(body.TenantId ?? NewIds.TenantId(), body.Name, request.Services.Time.GetUtcNow());
        var grain = GrainOf(request, TenantId.Parse(tenant.TenantId));
        if (await grain.Create(tenant, CancellationToken.None))
            return ApiResult.Created(null, TenantResource.Of(tenant), WireJson.Instance.TenantResource);
        var isBeingRemoved = await grain.IsBeingRemoved(CancellationToken.None);
        return ApiResult.Refused(Problem.Conflict(isBeingRemoved ? RequestReasons.TenantBeingRemoved : RequestReasons.TenantTaken, "tenantId"));
    }

    private static async Task<ApiResult> ListTenants(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var (limit, cursor) = (query.Limit(), query.Cursor());
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var page = await DirectoryOf(request).ListTenants(limit, cursor, request.Aborted);
        if (page.Problem is not null)
            return ApiResult.Refused(page.Problem);
        return ApiResult.Ok(
            new TenantListResource([.. page.Tenants.Select(TenantResource.Of)], page.NextCursor),
            WireJson.Instance.TenantListResource);
    }

    private static async Task<ApiResult> DeleteTenant(ApiRequest request)
    {
        if (!TryGetTenant(request, out var tenant))
            return ApiResult.Refused(RequestProblems.TenantNotFound);
        if (tenant == TenantId.Default)
            return ApiResult.Refused(Problem.Conflict(RequestReasons.DefaultTenant, "tenantId"));
        return await GrainOf(request, tenant.Value).Delete(CancellationToken.None)
            ? ApiResult.Ok(new DeletedTenantResource(tenant.Value.Value, "deleted"), WireJson.Instance.DeletedTenantResource)
            : ApiResult.Refused(RequestProblems.TenantNotFound);
    }

    private static async Task<ApiResult> CreateKey(ApiRequest request)
    {
        var (body, problem) = await request.ReadAsync(AdminRequests.ReadKey);
        if (body is null)
            return ApiResult.Refused(problem!);
        var now = request.Services.Time.GetUtcNow();
        if (body.ExpiresAt <= now)
            return ApiResult.Refused(Problem.Invalid("expiresAt", RequestReasons.TimeInPast));
        if (!TryGetTenant(request, out var tenant) || await GrainOf(request, tenant.Value).Get(CancellationToken.None) is null)
            return ApiResult.Refused(RequestProblems.TenantNotFound);

        var secret = ApiKeySecret.Generate();
        var key = new ApiKeyInfo
        {
            KeyId = NewIds.KeyId(),
            TenantId = tenant.Value.Value,
            Name = body.Name,
            Scopes = body.Scopes,
            CreatedAt = now,
            ExpiresAt = body.ExpiresAt,
        };
        await KeyGrainOf(request, KeyDigest.Of(secret).ToHex()).Create(key, CancellationToken.None);
        var resource = ApiKeyResource.Of(key);
        return ApiResult.Created(null, resource with { Key = secret }, WireJson.Instance.ApiKeyResource)
            .KeepingOnly(resource, WireJson.Instance.ApiKeyResource);
    }

    private static async Task<ApiResult> ListKeys(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var (limit, cursor) = (query.Limit(), query.Cursor());
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        if (!TryGetTenant(request, out var tenant) || await GrainOf(request, tenant.Value).Get(request.Aborted) is null)
            return ApiResult.Refused(RequestProblems.TenantNotFound);
        var page = await DirectoryOf(request).ListApiKeys(tenant.Value.Value, limit, cursor, request.Aborted);
        if (page.Problem is not null)
            return ApiResult.Refused(page.Problem);
        return ApiResult.Ok(
            new ApiKeyListResource([.. page.Keys.Select(ApiKeyResource.Of)], page.NextCursor),
            WireJson.Instance.ApiKeyListResource);
    }

    private static async Task<ApiResult> DeleteKey(ApiRequest request)
    {
        var keyId = request.RouteValue("keyId")!;
        if (await DirectoryOf(request).FindApiKeyHash(keyId, CancellationToken.None) is not { } hash)
            return ApiResult.Refused(RequestProblems.KeyNotFound);
        await KeyGrainOf(request, hash).Revoke(CancellationToken.None);
        return ApiResult.Ok(new DeletedApiKeyResource(keyId, "deleted"), WireJson.Instance.DeletedApiKeyResource);
    }

    private static async Task<ApiResult> GetLimits(ApiRequest request)
    {
        var limits = TryGetTenant(request, out var tenant) ? await GrainOf(request, tenant.Value).GetLimits(request.Aborted) : null;
        return limits is null
            ? ApiResult.Refused(RequestProblems.TenantNotFound)
            : ApiResult.Ok(LimitsResource.Of(limits), WireJson.Instance.LimitsResource);
    }

    private static async Task<ApiResult> SetLimits(ApiRequest request)
    {
        var (body, problem) = await request.ReadAsync(AdminRequests.ReadLimits);
        if (body is null)
            return ApiResult.Refused(problem!);
        if (!TryGetTenant(request, out var tenant))
            return ApiResult.Refused(RequestProblems.TenantNotFound);
        var grain = GrainOf(request, tenant.Value);
        if (await grain.GetLimits(CancellationToken.None) is not { } current)
            return ApiResult.Refused(RequestProblems.TenantNotFound);
        var limits = body.ApplyTo(current);
        return await grain.SetLimits(limits, CancellationToken.None)
            ? ApiResult.Ok(LimitsResource.Of(limits), WireJson.Instance.LimitsResource)
            : ApiResult.Refused(RequestProblems.TenantNotFound);
    }

    private static bool TryGetTenant(ApiRequest request, [NotNullWhen(true)] out TenantId? tenant)
    {
        tenant = TenantId.TryParse(request.RouteValue("tenantId"), out var id) ? id : null;
        return tenant is not null;
    }

    private static ITenantGrain GrainOf(ApiRequest request, TenantId tenant) =>
        request.Grains.GetTenant(new TenantKey(tenant));

    private static IApiKeyGrain KeyGrainOf(ApiRequest request, string hash) =>
        request.Grains.GetApiKey(new ApiKeyGrainKey(hash));

    private static ITenantDirectoryGrain DirectoryOf(ApiRequest request) =>
        request.Grains.GetTenantDirectory(new TenantKey(TenantId.Default));
}
