namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>What a key may do. A turn has only the tools that its message's sender's scopes allow.</summary>
[Flags, GenerateSerializer, Alias("OpenClaw.Scopes")]
public enum Scopes
{
    None = 0,

    /// <summary>Every GET, WebSocket subscriptions and tickets.</summary>
    Read = 1,

    /// <summary>Sessions, messages, memory, files, tasks, webhooks, installing and changing skills.</summary>
    Write = 2,

    /// <summary>Running skills, commands, the browser.</summary>
    Execute = 4,

    /// <summary><c>/api/admin</c>, with a key of the tenant <c>default</c>.</summary>
    Admin = 8,

    All = Read | Write | Execute | Admin,
}
