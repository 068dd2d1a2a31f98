using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Errors;

/// <summary>
/// The outermost step of every request: gives it its id and turns whatever went wrong inside (an exception, a bare
/// status of the framework) into the error envelope.
/// </summary>
internal sealed partial class ErrorBoundary(RequestDelegate next, ILogger<ErrorBoundary> logger)
{
    /// <summary>Not a registered status: the client left before there was an answer. Seen in metrics and traces alone.</summary>
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext http)
    {
        RequestIds.Assign(http);
        try
        {
            await next(http);
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested && IsDisconnect(exception))
        {
            LogClientLeft(logger, http.TraceIdentifier);
            if (!http.Response.HasStarted)
                http.Response.StatusCode = ClientClosedRequest;
            return;
        }
        catch (Exception exception)
        {
            await AnswerAsync(http, exception);
            return;
        }

        var response = http.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentLength is null)
            await ErrorWriter.WriteAsync(http, RequestProblems.OfStatus(response.StatusCode));
    }

    private static bool IsDisconnect(Exception exception) =>
        exception is OperationCanceledException or IOException;

    private async Task AnswerAsync(HttpContext http, Exception exception)
    {
        var problem = ExceptionProblems.Of(exception);
        Log(http, problem, exception);
        if (http.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            http.Abort();
            return;
        }

        http.Response.ContentLength = null;
        http.Response.Headers.ContentType = default;
        await ErrorWriter.WriteAsync(http, problem);
    }

    private void Log(HttpContext http, Problem problem, Exception exception)
    {
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
        if (problem.Status < 500)
            LogRefused(logger, http.Request.Method, route, problem.Status, http.TraceIdentifier);
        else if (problem.Status == 500)
            LogFailed(logger, exception, http.Request.Method, route, http.TraceIdentifier);
        else
            LogUnavailable(logger, http.Request.Method, route, problem.Status, exception.GetType().Name, http.TraceIdentifier);
    }

    [LoggerMessage(6000, LogLevel.Error, "{Method} {Route} failed (request {RequestId})")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method, string route, string requestId);

    [LoggerMessage(6001, LogLevel.Warning, "{Method} {Route} answered {Status} because of {Cause} (request {RequestId})")]
    private static partial void LogUnavailable(ILogger logger, string method, string route, int status, string cause, string requestId);

    [LoggerMessage(6002, LogLevel.Debug, "{Method} {Route} was refused with {Status} (request {RequestId})")]
    private static partial void LogRefused(ILogger logger, string method, string route, int status, string requestId);

    [LoggerMessage(6003, LogLevel.Debug, "The client left before its answer (request {RequestId})")]
    private static partial void LogClientLeft(ILogger logger, string requestId);
}
