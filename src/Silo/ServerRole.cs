namespace OpenClaw.Silo;

/// <summary>What a process is. Setting <c>OpenClaw:Role</c>.</summary>
public enum ServerRole
{
    /// <summary>Silo and front-end in one process.</summary>
    All,

    /// <summary>A silo that serves no API; front-ends reach it through its gateway.</summary>
    Silo,

    /// <summary>The API as a client of the cluster, without a silo.</summary>
    Frontend,
}
