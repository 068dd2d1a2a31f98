using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Egress;

/// <summary>Why a host was not reached.</summary>
public enum EgressFailure
{
    /// <summary>The policy forbids one of its addresses.</summary>
    Refused,

    /// <summary>Its name has no address.</summary>
    NotResolved,

    /// <summary>None of its addresses answered.</summary>
    NotConnected,
}

/// <summary>A host was not reached.</summary>
public sealed class EgressException(EgressFailure failure, LocalizedText reason, Exception? inner = null) : IOException(reason.English, inner)
{
    public EgressFailure Failure => failure;

    /// <summary>For whoever named the host.</summary>
    public LocalizedText Reason => reason;
}
