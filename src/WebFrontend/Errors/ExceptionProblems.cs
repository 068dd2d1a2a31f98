using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Storage;

namespace OpenClaw.WebFrontend.Errors;

/// <summary>What a caller is told of an exception. Its text stays in the log.</summary>
internal static class ExceptionProblems
{
    public static Problem Of(Exception exception) => exception switch
    {
        BadHttpRequestException bad => RequestProblems.OfStatus(bad.StatusCode),
        StorageUnavailableException => Problem.Internal(503, Reasons.StorageUnavailable, 1),
        TimeoutException => RequestProblems.OfStatus(504),
        SiloUnavailableException or OrleansMessageRejectionException or GatewayTooBusyException => RequestProblems.OfStatus(503),
        _ => RequestProblems.Unexpected,
    };
}
