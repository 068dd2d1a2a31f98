using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Commands;

/// <summary>Runs programs of tenants so that they reach their workspace and nothing else.</summary>
public interface ISandbox
{
    /// <summary>Why commands cannot be run here, or null.</summary>
    Task<Problem?> FindProblemAsync(CancellationToken cancellationToken);

    /// <summary>Starts a command.</summary>
    /// <exception cref="IOException">The system would not start it.</exception>
    Task<ISandboxProcess> StartAsync(SandboxCommand command, CancellationToken cancellationToken);
}

/// <summary>A command for the sandbox.</summary>
/// <param name="Tenant">Whose workspace it sees.</param>
/// <param name="Command">For <c>/bin/bash -c</c>.</param>
/// <param name="Directory">Absolute path in the workspace, where it begins.</param>
/// <param name="Time">How long it may run, which bounds its processor time.</param>
/// <param name="MayWrite">False: it may remove files, and give none any content.</param>
public sealed record SandboxCommand(TenantId Tenant, string Command, string Directory, TimeSpan Time, bool MayWrite = true);

/// <summary>A running command and all that it has started.</summary>
public interface ISandboxProcess : IAsyncDisposable
{
    /// <summary>What it writes; ends when the last process is dead.</summary>
    Stream Output { get; }

    /// <inheritdoc cref="Output"/>
    Stream Errors { get; }

    /// <summary>The exit code, once every process is dead.</summary>
    Task<int> Exited { get; }

    /// <summary>Bytes of memory that all processes use together, as far as it is not bounded by the system; 0 where it is.</summary>
    long MeasureMemory();

    /// <summary>Kills every process.</summary>
    void Kill();
}
