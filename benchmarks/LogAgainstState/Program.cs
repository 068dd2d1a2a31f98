// What one more message costs in a conversation of N messages: an append to the session log against a write of Orleans
// grain state. Both on SQLite with their own settings, one at a time, in one run. See docs/performance.md.

using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Benchmarks.LogAgainstState;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Silo;
using OpenClaw.Storage.Sessions;

const int Appends = 200;
var directory = Directory.CreateTempSubdirectory("openclaw-bench-").FullName;
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
{
    ["OpenClaw:DataDirectory"] = directory,
    ["OpenClaw:BootstrapApiKey"] = "benchmark-key",
});
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.AddOpenClawSilo();
using var host = builder.Build();
await host.PrepareOpenClawDatabaseAsync();
await host.StartAsync();
var time = TimeProvider.System;
var log = host.Services.GetRequiredService<ISessionLog>();
var grains = host.Services.GetRequiredService<IGrainFactory>();

Console.WriteLine("| messages | log append p50 ms | grain state write p50 ms | ratio |");
Console.WriteLine("|---|---|---|---|");
foreach (var messages in new[] { 10, 1_000, 10_000 })
{
    var session = new SessionState
    {
        Key = new SessionKey(TenantId.Default, $"sess-{messages}"), Model = "offline", CreatedAt = time.GetUtcNow(), UpdatedAt = time.GetUtcNow(),
    };
    await log.CreateAsync(session, CancellationToken.None);
    var revision = 0L;
    for (; revision < messages; revision++) await AppendAsync(session, revision);
    var logTime = await MedianAsync(() => AppendAsync(session, revision++));

    var grain = grains.GetGrain<IConversationStateGrain>($"default/benchmark-{messages}");
    await grain.Fill(messages);
    var stateTime = await MedianAsync(() => grain.Append(Message));
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {messages:n0} | {logTime:0.000} | {stateTime:0.000} | {stateTime / logTime:0.0} |"));
}

await host.StopAsync();
Directory.Delete(directory, recursive: true);

Task AppendAsync(SessionState session, long revision) => log.AppendAsync(
    new SessionAppend
    {
        Key = session.Key,
        AppendId = Guid.NewGuid(),
        ExpectedEpoch = revision == 0 ? 0 : 1,
        ExpectedRevision = revision,
        Epoch = 1,
        Head = revision + 1,
        Reserved = revision + 1,
        RunState = SessionRunState.Idle,
        At = time.GetUtcNow(),
        Events = [new SessionEventState(revision + 1, revision + 1, "turn", SessionEventKind.Message, MessageBytes, time.GetUtcNow())],
    },
    CancellationToken.None);

async Task<double> MedianAsync(Func<Task> act)
{
    var times = new List<double>();
    for (var i = 0; i < Appends; i++)
    {
        var started = time.GetTimestamp();
        await act();
        times.Add(time.GetElapsedTime(started).TotalMilliseconds);
    }

    times.Sort();
    return times[times.Count / 2];
}

/// <summary>The message that both sides write: 100 characters.</summary>
internal sealed partial class Program
{
    public static readonly string Message = new('x', 100);

    private static readonly byte[] MessageBytes = System.Text.Encoding.UTF8.GetBytes(Message);
}
