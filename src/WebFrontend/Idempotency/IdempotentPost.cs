using System.Security.Cryptography;
using System.Text;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Idempotency;

/// <summary>
/// Runs a handler once per <c>Idempotency-Key</c>: the intent is durable before the handler starts, its answer before
/// the caller has it.
/// </summary>
internal static class IdempotentPost
{
    /// <summary>A request waits for the first one under its key so often, 3 s each time; then it is refused with 409.</summary>
    private const int Waits = 8;

    public static async Task<ApiResult> InvokeAsync(ApiRequest request, ApiHandler handler)
    {
        if (!IdempotencyHeader.TryGet(request.Http.Request, out var header, out var problem))
            return problem is null ? await handler(request) : ApiResult.Refused(problem);
        var body = await request.BodyAsync();
        if (body.Problem is not null)
            return ApiResult.Refused(body.Problem);

        var key = IdempotencyHeader.Describe(request.Http.Request, header, body.Utf8.Span);
        var grain = request.Grains.GetGrain<IIdempotencyGrain>(GrainKeyOf(request.Caller, key).ToString());
        var id = Guid.NewGuid();
        var waits = 0;
        IdempotencyClaim claim;
        do
        {
            claim = await grain.Begin(key, id, CancellationToken.None);
        }
        while (claim.Outcome is IdempotencyOutcome.InProgress && ++waits < Waits);

        return claim.Outcome switch
        {
            IdempotencyOutcome.Started => await RunAsync(request, handler, grain, id),
            IdempotencyOutcome.Replay => Replay(claim.Answer),
            IdempotencyOutcome.InProgress => ApiResult.Refused(RequestProblems.InProgress),
            IdempotencyOutcome.Mismatch => ApiResult.Refused(RequestProblems.IdempotencyMismatch),
            _ => ApiResult.Refused(RequestProblems.OutcomeUnknown),
        };
    }

    /// <summary>The grain that holds the key: one per tenant, scope and key.</summary>
    public static IdempotencyGrainKey GrainKeyOf(Caller caller, IdempotencyKey key)
    {
        // A line feed is in neither part, so no two pairs read the same.
        var name = Encoding.UTF8.GetBytes(string.Concat(key.Scope, "\n", key.Key));
        return new IdempotencyGrainKey(caller.Tenant, Convert.ToHexStringLower(SHA256.HashData(name)));
    }

    private static async Task<ApiResult> RunAsync(ApiRequest request, ApiHandler handler, IIdempotencyGrain grain, Guid id)
    {
        ApiResult result;
        try
        {
            result = await handler(request);
        }
        catch (Exception exception)
        {
            var refused = !ExceptionProblems.IsUnanswered(exception) && IsRefusal(ExceptionProblems.Of(exception));
            await SettleAsync(grain, id, refused);
            throw;
        }

        if (result.Problem is { } problem)
            await SettleAsync(grain, id, IsRefusal(problem));
        else
            await grain.Complete(new StoredAnswer(result.Status, result.Location, new JsonPayload(result.BodyWithoutSecret ?? result.Body)), CancellationToken.None);
        return result;
    }

    /// <summary>
    /// A refusal is forgotten, so that the caller may try again. Any other failure may have happened after the effect:
    /// it is kept as one whose outcome nobody knows.
    /// </summary>
    private static Task SettleAsync(IIdempotencyGrain grain, Guid id, bool refused) => refused
        ? grain.Abandon(id, CancellationToken.None)
        : grain.Complete(new StoredAnswer(RequestProblems.OutcomeUnknown.Status, null, default), CancellationToken.None);

    private static bool IsRefusal(Problem problem) => problem.Status is < 500 or 503;

    private static ApiResult Replay(StoredAnswer? answer) => answer is { Status: < 400 }
        ? ApiResult.Kept(answer.Status, answer.Location, answer.Body.Utf8)
        : ApiResult.Refused(RequestProblems.OutcomeUnknown);
}
