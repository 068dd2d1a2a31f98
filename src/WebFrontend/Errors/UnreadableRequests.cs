using System.Diagnostics;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Errors;

/// <summary>
/// Gives the error envelope to requests that never reach a route because the server cannot read them: a request line or
/// header that is malformed, too long, or comes too slowly. The server tells of such a request through its diagnostic
/// source before it sends a bare status, and leaves a response that has started as it is.
/// </summary>
/// <remarks>
/// https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/diagnostics. What is not answered here gets
/// the server's bare status: a version of HTTP that is not spoken (505), and what is unreadable on HTTP/2.
/// </remarks>
internal sealed partial class UnreadableRequests(DiagnosticListener source, ILogger<UnreadableRequests> logger)
    : IHostedService, IObserver<KeyValuePair<string, object?>>
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = source.Subscribe(this, static (name, _, _) => name == BadRequest);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Called while the server handles the refused request; what is thrown here would end its connection.</summary>
    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not IFeatureCollection features
            || features.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException { StatusCode: < 500 } refusal
            || features.Get<IHttpResponseFeature>() is not { HasStarted: false }
            || features.Get<IHttp2StreamIdFeature>() is not null
            || features.Get<IConnectionTransportFeature>()?.Transport.Output is not { } connection)
        {
            return;
        }

        try
        {
            Answer(new DefaultHttpContext(features), connection, RequestProblems.OfStatus(refusal.StatusCode));
        }
        catch (InvalidOperationException exception)
        {
            LogBare(logger, exception, refusal.StatusCode);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private static void Answer(HttpContext http, PipeWriter connection, Problem problem)
    {
        RequestIds.Assign(http);
        http.Response.Headers.Connection = "close";
        var body = ErrorWriter.Prepare(http, problem);
        // The response has no stream yet, so the body goes straight to the connection behind the head. A client that has
        // left so much unread that the head does not fit into the connection's buffer goes without.
        if (http.Response.StartAsync().IsCompletedSuccessfully && !HttpMethods.IsHead(http.Request.Method))
            _ = connection.WriteAsync(body).AsTask();
    }

    [LoggerMessage(6004, LogLevel.Warning, "A request that could not be read was answered with a bare {Status}")]
    private static partial void LogBare(ILogger logger, Exception exception, int status);
}
