using System.Collections.ObjectModel;
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

/// <summary>A program for the sandbox.</summary>
/// <param name="Tenant">Whose workspace it sees.</param>
/// <param name="Program">The program and its arguments.</param>
/// <param name="Directory">Where it begins: absolute path in the workspace, or the <see cref="SandboxMount.Target"/> of a mount.</param>
/// <param name="Time">How long it may run, which bounds its processor time.</param>
public sealed record SandboxCommand(TenantId Tenant, IReadOnlyList<string> Program, string Directory, TimeSpan Time)
{
    /// <summary>False: it may remove files, and give none any content.</summary>
    public bool MayWrite { get; init; } = true;

    /// <summary>Directories that it sees beside the workspace, and cannot change.</summary>
    public IReadOnlyList<SandboxMount> Mounts { get; init; } = [];

    /// <summary>Variables beyond the sandbox's own. They come in over its standard input and stand in no list of processes.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Its standard input is <see cref="ISandboxProcess.Input"/>; else there is nothing to read.</summary>
    public bool TakesInput { get; init; }
}

/// <summary>A directory of the machine's in the sandbox, read-only.</summary>
/// <param name="Source">Where it is.</param>
/// <param name="Target">Where the program sees it, below <see cref="Root"/>.</param>
public sealed record SandboxMount(string Source, string Target)
{
    /// <summary>No workspace has a first entry of that name where a program sees one.</summary>
    public const string Root = "/opt/skills/";
}

/// <summary>A running command and all that it has started.</summary>
public interface ISandboxProcess : IAsyncDisposable
{
    /// <summary>What it reads, where it takes input; whoever writes closes it.</summary>
    Stream Input { get; }

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
