using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OpenClaw.Grains.Commands;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Skills.Running;

/// <summary>Connects to Model Context Protocol servers: programs in the sandbox, or addresses.</summary>
internal sealed class McpConnections(TenantPrograms programs, EgressHttp egress, TimeProvider time)
{
    /// <summary>What one connection may send us.</summary>
    private const long MaxReceived = 16L * 1024 * 1024;

    /// <summary>How long a server may take to begin.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    /// <summary>Connects to the server of an action.</summary>
    /// <param name="execution">Whose folder and secrets it has; its runner is an <see cref="McpRunner"/>.</param>
    /// <param name="cancellationToken">Gives the connecting up.</param>
    /// <returns>The connection, to be disposed, or why there is none.</returns>
    public async Task<(McpConnection? Connection, string? Why)> OpenAsync(SkillExecution execution, CancellationToken cancellationToken)
    {
        var runner = (McpRunner)execution.Action.Runner;
        return runner.Arguments is { } arguments
            ? await StartAsync(execution, arguments, cancellationToken)
            : await ConnectAsync(execution, runner, cancellationToken);
    }

    private McpClientOptions Options => new()
    {
        ClientInfo = new Implementation { Name = "openclaw", Version = "1.0" },
        InitializationTimeout = StartTime,
        TimeProvider = time,
    };

    private async Task<(McpConnection?, string?)> StartAsync(SkillExecution execution, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (await programs.FindProblemAsync(cancellationToken) is { Reason: { } unavailable }) return (null, unavailable.English);
        var command = CommandActionRunner.Sandboxed(execution, arguments) with { TakesInput = true };
        var reader = new CommandReader(time, background: true);
        var (program, refused) = await programs.StartAsync(execution.RunId, command, reader, background: false, takesOutput: true, cancellationToken);
        if (program is null) return (null, refused!.Reason?.English ?? "it was refused");
        var output = new BoundedStream(program.Process.Output, new Allowance(MaxReceived));
        try
        {
            var transport = new StreamClientTransport(program.Process.Input, output, NullLoggerFactory.Instance);
            return (new McpConnection(await McpClient.CreateAsync(transport, Options, NullLoggerFactory.Instance, cancellationToken), program), null);
        }
        catch (Exception failure)
        {
            program.Running.Kill(CommandKills.Cancelled);
            if (cancellationToken.IsCancellationRequested) throw;
            return (null, await McpConnection.TellAsync(program, failure));
        }
    }

    private async Task<(McpConnection?, string?)> ConnectAsync(SkillExecution execution, McpRunner runner, CancellationToken cancellationToken)
    {
        var values = new TemplateValues(execution.Parameters, execution.Secrets);
        var url = SkillTemplate.Url(runner.Url!, values);
        if (url.Text is null || EgressPolicy.Parse(url.Text, "url", out var address) is not null) return (null, url.Problem ?? "its address is none");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, template) in runner.Headers)
        {
            var header = SkillTemplate.Header(template, values);
            if (header.Problem is { } problem) return (null, problem);
            if (header.Text is { } text) headers[name] = text;
        }

        var http = new HttpClient(new BoundedAnswers(egress.Handler, MaxReceived), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = address,
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = headers,
                ConnectionTimeout = StartTime,
                MaxReconnectionAttempts = 0,
                EnableStandaloneGetStream = false,
            },
            http,
            NullLoggerFactory.Instance,
            ownsHttpClient: true);
        try
        {
            return (new McpConnection(await McpClient.CreateAsync(transport, Options, NullLoggerFactory.Instance, cancellationToken), null), null);
        }
        catch (Exception failure)
        {
            await transport.DisposeAsync();
            if (cancellationToken.IsCancellationRequested) throw;
            return (null, await McpConnection.TellAsync(null, failure));
        }
    }
}
