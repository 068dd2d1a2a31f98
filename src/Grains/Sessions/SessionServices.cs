using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Sessions.Context;
using OpenClaw.Grains.Tools;
using OpenClaw.Storage.Idempotency;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Sessions;

/// <summary>What every session needs; one object for the process, so that an activation holds one reference.</summary>
internal sealed class SessionServices(
    ISessionLog log,
    IIdempotencyStore idempotency,
    IModelGateway models,
    IToolRegistry tools,
    HistoryCache histories,
    SessionShutdown shutdown,
    IOptions<SessionOptions> options,
    TimeProvider time,
    ILoggerFactory loggers)
{
    public ISessionLog Log { get; } = log;

    public IIdempotencyStore Idempotency { get; } = idempotency;

    public IModelGateway Models { get; } = models;

    public IToolRegistry Tools { get; } = tools;

    public HistoryCache Histories { get; } = histories;

    public SessionShutdown Shutdown { get; } = shutdown;

    public SessionOptions Options { get; } = options.Value;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = loggers.CreateLogger("OpenClaw.Sessions");

    public ILogger StreamLogger { get; } = loggers.CreateLogger("OpenClaw.Streaming");
}
