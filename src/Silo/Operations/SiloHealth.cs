using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Silo.Operations;

/// <summary>Whether this silo can work: whether it has joined its cluster, and a reading of the database.</summary>
internal sealed class SiloHealth(ISessionLog log, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What was found. Never throws.</summary>
    public async Task<SiloHealthReport> CheckAsync()
    {
        var silo = StateOfSilo();
        return new SiloHealthReport(silo, await IsDatabaseThereAsync() ? SiloHealthReport.Ok : "lost");
    }

    private string StateOfSilo()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return "stopping";
        return lifetime.ApplicationStarted.IsCancellationRequested ? SiloHealthReport.Ok : "starting";
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever went wrong, the database did not answer.")]
    private async Task<bool> IsDatabaseThereAsync()
    {
        try
        {
            await log.ListRunningAsync(1, CancellationToken.None).AsTask().WaitAsync(Patience, time);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}

/// <summary>In the words of a front-end's <c>/readyz</c>.</summary>
/// <param name="Silo"><c>ok</c>, <c>starting</c> or <c>stopping</c>.</param>
/// <param name="Database"><c>ok</c> or <c>lost</c>.</param>
internal sealed record SiloHealthReport(string Silo, string Database)
{
    public const string Ok = "ok";

    public bool IsReady => Silo == Ok && Database == Ok;

    /// <summary><c>ready</c>, <c>starting</c>, <c>stopping</c> or <c>unavailable</c>.</summary>
    public string Status => Silo != Ok ? Silo : IsReady ? "ready" : "unavailable";
}
