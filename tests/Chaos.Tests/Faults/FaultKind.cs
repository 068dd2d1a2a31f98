namespace OpenClaw.Chaos.Tests.Faults;

/// <summary>What befalls a cluster.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL to a silo; it is started again.</summary>
    KillSilo,

    /// <summary>SIGKILL to a front-end; it is started again.</summary>
    KillFrontend,

    /// <summary>A silo stands still for ten seconds and then goes on where it was, long after the others gave it up.</summary>
    PauseSilo,

    /// <summary>A front-end stands still for ten seconds, its connections open.</summary>
    PauseFrontend,

    /// <summary>PostgreSQL ends every connection of one process.</summary>
    CutConnections,

    /// <summary><c>pg_ctl restart -m immediate</c>.</summary>
    CrashPostgres,

    /// <summary><c>pg_ctl restart -m fast</c>.</summary>
    RestartPostgres,
}
