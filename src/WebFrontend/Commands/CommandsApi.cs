using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Commands;

/// <summary><c>/api/commands</c>: shell commands in the tenant's sandbox.</summary>
internal static class CommandsApi
{
    private const string Prefix = "/api/commands";
    private const int MaxIdChars = 64;

    public static IEndpointRouteBuilder MapCommandsApi(this IEndpointRouteBuilder routes)
    {
        var execute = routes.MapGroup(Prefix).RequireScope(Scopes.Execute);
        execute.Post("/execute", Execute);
        execute.Stream(HttpMethods.Post, "/execute/stream", ExecuteStreamed);
        execute.Delete("/{commandId}", Delete);
        routes.MapGroup(Prefix).RequireScope(Scopes.Read).Get("/{commandId}", Get);
        return routes;
    }

    private static async Task<ApiResult> Execute(ApiRequest request)
    {
        var (command, problem) = await request.ReadAsync(CommandRequests.ReadStart);
        if (command is null)
            return ApiResult.Refused(problem!);
        var (id, grain) = NewCommand(request);
        if (await grain.Start(command, CancellationToken.None) is { } refused)
            return ApiResult.Refused(refused);
        if (command.Background)
            return ApiResult.Created($"{Prefix}/{id}", new StartedCommandResource(id, "running"), WireJson.Instance.StartedCommandResource);

        // To its end, also when the client leaves: a repeated request under its key is to find the result.
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        for (var after = 0; ;)
        {
            if (await grain.Read(after, CancellationToken.None) is not { } read)
                return ApiResult.Refused(RequestProblems.CommandLost);
            after = Gather(read, output, errors);
            if (read.Exit is { } exit)
            {
                return ApiResult.Ok(
                    new CommandResultResource(
                        output.ToString(), errors.ToString(), exit.ExitCode, exit.TimedOut, exit.Truncated, exit.DurationMilliseconds, exit.Killed),
                    WireJson.Instance.CommandResultResource);
            }
        }
    }

    private static async Task<ApiResult?> ExecuteStreamed(ApiRequest request)
    {
        var (command, problem) = await request.ReadAsync(CommandRequests.ReadStart);
        if (command is null)
            return ApiResult.Refused(problem!);
        var (_, grain) = NewCommand(request);
        if (await grain.Start(command with { Background = false }, CancellationToken.None) is { } refused)
            return ApiResult.Refused(refused);
        var ended = false;
        try
        {
            await using var stream = await EventStream.StartAsync(request.Http, request.Services);
            for (var after = 0; !ended;)
            {
                if (await grain.Read(after, request.Aborted) is not { } read)
                    break;
                after = read.Through;
                foreach (var piece in read.Pieces)
                    await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(OutputEventResource.Of(piece), WireJson.Instance.OutputEventResource));
                ended = read.Exit is not null;
                if (read.Exit is { } exit)
                    await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(ExitEventResource.Of(exit), WireJson.Instance.ExitEventResource));
            }

            if (!ended)
                request.Http.Abort();
        }
        finally
        {
            // Whoever has left does not want it any more.
            if (!ended)
                await grain.Kill(CancellationToken.None);
        }

        return null;
    }

    private static async Task<ApiResult> Get(ApiRequest request)
    {
        if (CommandOf(request) is not var (id, grain))
            return ApiResult.Refused(RequestProblems.CommandNotFound);
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        if (await grain.Read(0, request.Aborted) is not { } read)
            return ApiResult.Refused(RequestProblems.CommandNotFound);
        Gather(read, output, errors);
        var exit = read.Exit;
        return ApiResult.Ok(
            new CommandResource(
                id, exit is null ? "running" : "exited", output.ToString(), errors.ToString(),
                exit?.ExitCode, exit?.TimedOut, exit?.Truncated, exit?.DurationMilliseconds, exit?.Killed),
            WireJson.Instance.CommandResource);
    }

    private static async Task<ApiResult> Delete(ApiRequest request) =>
        CommandOf(request) is var (id, grain) && await grain.Kill(CancellationToken.None)
            ? ApiResult.Ok(new DeletedCommandResource(id, "deleted"), WireJson.Instance.DeletedCommandResource)
            : ApiResult.Refused(RequestProblems.CommandNotFound);

    private static int Gather(CommandOutput read, StringBuilder output, StringBuilder errors)
    {
        foreach (var piece in read.Pieces)
            (piece.IsError ? errors : output).Append(piece.Text);
        return read.Through;
    }

    private static (string Id, ICommandGrain Grain) NewCommand(ApiRequest request)
    {
        var id = $"cmd-{Guid.NewGuid():n}";
        return (id, request.Grains.GetCommand(new CommandKey(request.Caller.Tenant, id)));
    }

    /// <summary>The command that the path names, or null when none can have that id.</summary>
    private static (string Id, ICommandGrain Grain)? CommandOf(ApiRequest request) =>
        request.RouteValue("commandId") is { Length: > 0 and <= MaxIdChars } id && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? (id, request.Grains.GetCommand(new CommandKey(request.Caller.Tenant, id)))
            : null;
}
