using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Webhooks;

/// <summary><c>/api/webhooks</c>: who is told of what happens to the tenant, and how that went.</summary>
internal static class WebhooksApi
{
    private const string Prefix = "/api/webhooks";
    private const string One = "/{webhookId}";
    private const string Deliveries = One + "/deliveries";
    private const string OneDelivery = Deliveries + "/{deliveryId}";

    public static IEndpointRouteBuilder MapWebhooksApi(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup(Prefix).RequireScope(Scopes.Read);
        read.Get("", List);
        read.Get(One, Get);
        read.Get(Deliveries, ListDeliveries);
        read.Get(OneDelivery, GetDelivery);

        var write = routes.MapGroup(Prefix).RequireScope(Scopes.Write);
        write.Post("", Create);
        write.Delete(One, Delete);
        write.Post(OneDelivery + "/replay", Replay);
        write.Post(One + "/test", Test);
        return routes;
    }

    /// <summary>The grain of the webhook that the path names, or null where there can be none.</summary>
    private static IWebhookGrain? GrainOf(ApiRequest request) => request.RouteValue("webhookId") is { } id && KeyNames.IsName(id)
        ? request.Grains.GetWebhook(new WebhookKey(request.Caller.Tenant, id))
        : null;

    private static async Task<ApiResult> Create(ApiRequest request)
    {
        var (creation, problem) = await request.ReadAsync(WebhookRequests.ReadCreate);
        if (creation is null)
            return ApiResult.Refused(problem!);
        var created = await request.Grains.GetWebhook(WebhookKey.New(request.Caller.Tenant)).Create(creation.Command, CancellationToken.None);
        if (created.Webhook is not { } webhook)
            return ApiResult.Refused(created.Problem!);
        var resource = CreatedWebhookResource.Of(webhook);
        var shown = creation.IsSecretNew ? resource with { Secret = creation.Command.Secret } : resource;
        return ApiResult.Created($"{Prefix}/{webhook.WebhookId}", shown, WireJson.Instance.CreatedWebhookResource)
            .KeepingOnly(resource, WireJson.Instance.CreatedWebhookResource);
    }

    private static async Task<ApiResult> List(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var (limit, cursor) = (query.Limit(), query.Cursor());
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var page = await request.Grains.GetWebhookDirectory(new WebhookDirectoryKey(request.Caller.Tenant)).List(limit, cursor, request.Aborted);
        return page.Problem is not null
            ? ApiResult.Refused(page.Problem)
            : ApiResult.Ok(new WebhookListResource([.. page.Webhooks.Select(WebhookResource.Of)], page.NextCursor), WireJson.Instance.WebhookListResource);
    }

    private static async Task<ApiResult> Get(ApiRequest request) => GrainOf(request) is { } grain && await grain.Get(request.Aborted) is { } webhook
        ? ApiResult.Ok(WebhookResource.Of(webhook), WireJson.Instance.WebhookResource)
        : ApiResult.Refused(RequestProblems.WebhookNotFound);

    private static async Task<ApiResult> Delete(ApiRequest request) => GrainOf(request) is { } grain && await grain.Delete(CancellationToken.None)
        ? ApiResult.Ok(new DeletedWebhookResource(request.RouteValue("webhookId")!, "deleted"), WireJson.Instance.DeletedWebhookResource)
        : ApiResult.Refused(RequestProblems.WebhookNotFound);

    private static async Task<ApiResult> ListDeliveries(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var (limit, cursor) = (query.Limit(), query.Cursor());
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        if (GrainOf(request) is not { } grain)
            return ApiResult.Refused(RequestProblems.WebhookNotFound);
        var page = await grain.ListDeliveries(limit, cursor, request.Aborted);
        return page.Problem is not null
            ? ApiResult.Refused(page.Problem)
            : ApiResult.Ok(
                new DeliveryListResource([.. page.Deliveries.Select(delivery => DeliveryResource.Of(delivery, request.Http.Request))], page.NextCursor),
                WireJson.Instance.DeliveryListResource);
    }

    private static async Task<ApiResult> GetDelivery(ApiRequest request) => GrainOf(request) is { } grain
        ? Answer(request, await grain.FindDelivery(request.RouteValue("deliveryId")!, request.Aborted))
        : ApiResult.Refused(RequestProblems.WebhookNotFound);

    private static async Task<ApiResult> Replay(ApiRequest request) => GrainOf(request) is { } grain
        ? Answer(request, await grain.Replay(request.RouteValue("deliveryId")!, CancellationToken.None), isUnderWay: true)
        : ApiResult.Refused(RequestProblems.WebhookNotFound);

    private static async Task<ApiResult> Test(ApiRequest request)
    {
        if (GrainOf(request) is not { } grain)
            return ApiResult.Refused(RequestProblems.WebhookNotFound);
        var tested = await grain.Test(CancellationToken.None);
        return Answer(request, tested, isUnderWay: tested.Delivery?.Attempts == 0);
    }

    private static ApiResult Answer(ApiRequest request, WebhookDeliveryResult result, bool isUnderWay = false)
    {
        if (result.Delivery is null)
            return ApiResult.Refused(result.Problem!);
        var resource = DeliveryResource.Of(result.Delivery, request.Http.Request);
        return isUnderWay ? ApiResult.Accepted(resource, WireJson.Instance.DeliveryResource) : ApiResult.Ok(resource, WireJson.Instance.DeliveryResource);
    }
}
