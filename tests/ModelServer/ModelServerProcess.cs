using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace OpenClaw.ModelServer;

/// <summary>The model server as a process of its own, for tests. Disposing kills it.</summary>
public sealed class ModelServerProcess : IAsyncDisposable
{
    internal const string WithoutBodies = "--without-bodies";

    private const string Greeting = "listening on ";

    private readonly Process _process;
    private readonly HttpClient _http;

    private ModelServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        _http = new HttpClient { BaseAddress = address };
    }

    public Uri Address { get; }

    /// <summary>For <c>OPENAI_BASE_URL</c>.</summary>
    public string OpenAIBaseUrl => new Uri(Address, "/v1").ToString();

    /// <summary>For <c>ANTHROPIC_BASE_URL</c>.</summary>
    public string AnthropicBaseUrl => Address.ToString().TrimEnd('/');

    public int ProcessId => _process.Id;

    /// <summary>Starts the server on a port of its own choice and returns when it listens.</summary>
    public static Task<ModelServerProcess> StartAsync(CancellationToken cancellationToken = default) =>
        StartAsync(keepBodies: true, cancellationToken);

    /// <summary>The same.</summary>
    /// <param name="keepBodies">False keeps the requests without their bodies, for runs that are long.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    public static async Task<ModelServerProcess> StartAsync(bool keepBodies, CancellationToken cancellationToken)
    {
        var assembly = typeof(ModelServerProcess).Assembly.Location;
        var start = new ProcessStartInfo(DotnetHost(), keepBodies ? [assembly] : [assembly, WithoutBodies])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(assembly)!,
        };
        // Settings of the test's own host are not the server's.
        start.Environment.Remove("ASPNETCORE_URLS");
        start.Environment["DOTNET_TieredPGO"] = "0";
        var process = Process.Start(start) ?? throw new InvalidOperationException("The model server did not start.");
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellationToken);
            if (line?.StartsWith(Greeting, StringComparison.Ordinal) != true)
                throw new InvalidOperationException($"The model server did not start: {line}");
            return new ModelServerProcess(process, new Uri(line[Greeting.Length..]));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Adds rules after those there are.</summary>
    public async Task ScriptAsync(params ModelRule[] rules)
    {
        using var response = await _http.PostAsJsonAsync("/_script", rules, ModelServerJson.Default.ModelRuleArray);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Adds a rule that answers every request so.</summary>
    public Task ScriptAsync(ModelAnswer answer) => ScriptAsync(new ModelRule { Answer = answer });

    /// <summary>Forgets rules and requests.</summary>
    public async Task ResetAsync()
    {
        using var response = await _http.DeleteAsync("/_script");
        response.EnsureSuccessStatusCode();
    }

    /// <summary>What has been asked so far.</summary>
    public async Task<IReadOnlyList<RecordedRequest>> RequestsAsync() =>
        await _http.GetFromJsonAsync("/_requests", ModelServerJson.Default.RecordedRequestArray) ?? [];

    /// <summary>Returns when so many requests have arrived, or have ended when <paramref name="ended"/> is set.</summary>
    /// <exception cref="TimeoutException">They did not within the time, 30 s unless given.</exception>
    public async Task<IReadOnlyList<RecordedRequest>> WaitForRequestsAsync(
        int count, bool ended = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var limit = timeout ?? TimeSpan.FromSeconds(30);
        var query = string.Create(
            CultureInfo.InvariantCulture, $"/_requests/wait?count={count}&ended={(ended ? "true" : "false")}&timeout={limit.TotalMilliseconds}");
        using var response = await _http.GetAsync(query, cancellationToken);
        if (response.StatusCode is HttpStatusCode.RequestTimeout)
            throw new TimeoutException($"{count} requests did not {(ended ? "end" : "arrive")} within {limit}.");
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(ModelServerJson.Default.RecordedRequestArray, cancellationToken) ?? [];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>The <c>dotnet</c> that runs this very process: the runtime lies in <c>shared/Microsoft.NETCore.App/version</c> beside it.</summary>
    private static string DotnetHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        return Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
    }
}
