using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Storage;

namespace OpenClaw.Grains.Tests.Hosting;

/// <summary>How a <see cref="SiloHost"/> differs from the usual one.</summary>
internal sealed record SiloHostSettings
{
    /// <summary>A database that exists and outlives the silo; null means one of its own.</summary>
    public StorageOptions? Database { get; init; }

    /// <summary>What grains and stores go by; null means real time. The runtime itself goes by real time.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Replaces services; runs last.</summary>
    public Action<IServiceCollection>? Configure { get; init; }
}
