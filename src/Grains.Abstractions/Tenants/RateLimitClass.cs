namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>What the reference limits, each in a sliding minute per tenant over the whole cluster.</summary>
[GenerateSerializer, Alias("OpenClaw.RateLimitClass")]
public enum RateLimitClass
{
    /// <summary>Send, stream, WebSocket <c>message</c>, <c>/v1</c>: 100.</summary>
    Messages,

    /// <summary>Skill execution: 50.</summary>
    Skills,

    /// <summary>Files: 200.</summary>
    Files,
}
