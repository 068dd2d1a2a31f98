using System.Globalization;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>A tenant's sliding minute as one request meets it: counted, told in headers, taken back for a replay.</summary>
internal readonly struct RateQuota
{
    private const string RemainingHeader = "RateLimit-Remaining";

    private readonly IRateLimitGrain _grain;
    private readonly RateLimitDecision _decision;

    private RateQuota(IRateLimitGrain grain, RateLimitDecision decision)
    {
        _grain = grain;
        _decision = decision;
    }

    /// <summary>Counts the request and sets its <c>RateLimit-*</c> headers. The problem is set when it is one too many.</summary>
    public static async ValueTask<(RateQuota Quota, Problem? Problem)> AcquireAsync(ApiRequest request, RateLimitClass @class)
    {
        var grain = request.Grains.GetRateLimit(new RateLimitKey(request.Caller.Tenant, @class));
        var decision = await grain.Acquire();
        var headers = request.Http.Response.Headers;
        headers["RateLimit-Limit"] = decision.Limit.ToString(CultureInfo.InvariantCulture);
        headers[RemainingHeader] = decision.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = decision.ResetSeconds.ToString(CultureInfo.InvariantCulture);
        return (new RateQuota(grain, decision), decision.Granted ? null : RequestProblems.RateLimited(decision.ResetSeconds));
    }

    /// <summary>Takes the request back: it turned out to be a replay.</summary>
    public Task ReleaseAsync(HttpResponse response)
    {
        response.Headers[RemainingHeader] = (_decision.Remaining + 1).ToString(CultureInfo.InvariantCulture);
        return _grain.Release(_decision.Ticket);
    }
}
