namespace OpenClaw.Grains.Webhooks;

/// <summary>Why an attempt did not deliver. Stored by name: the names are for good.</summary>
internal enum DeliveryFailure
{
    /// <summary>Another status than 2xx.</summary>
    Status,

    /// <summary>A redirect, which is not followed.</summary>
    Redirected,

    /// <summary>410: nothing more is wanted.</summary>
    Gone,

    /// <summary>The exchange was not over in time.</summary>
    TimedOut,

    /// <summary>The connection was broken off, or what came was no HTTP.</summary>
    Broken,

    /// <summary>An address that must not be reached.</summary>
    Refused,

    NotResolved,

    NotConnected,

    /// <summary>It waited when the webhook was disabled.</summary>
    Disabled,

    /// <summary>The event is not kept any more.</summary>
    Forgotten,
}
