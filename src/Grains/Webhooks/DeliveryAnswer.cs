using OpenClaw.Grains.Egress;

namespace OpenClaw.Grains.Webhooks;

/// <summary>How an attempt went.</summary>
/// <param name="Failure">Null: it was delivered.</param>
/// <param name="Status">Of HTTP; null when there was no answer.</param>
/// <param name="Body">The beginning of the answer; null when there was none.</param>
internal sealed record DeliveryAnswer(DeliveryFailure? Failure, int? Status = null, string? Body = null)
{
    /// <summary>What a status means for a delivery; null when it is delivered.</summary>
    public static DeliveryFailure? FailureOf(int status) => status switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => DeliveryFailure.Redirected,
        410 => DeliveryFailure.Gone,
        _ => DeliveryFailure.Status,
    };

    public static DeliveryFailure FailureOf(EgressFailure failure) => failure switch
    {
        EgressFailure.Refused => DeliveryFailure.Refused,
        EgressFailure.NotResolved => DeliveryFailure.NotResolved,
        _ => DeliveryFailure.NotConnected,
    };
}
