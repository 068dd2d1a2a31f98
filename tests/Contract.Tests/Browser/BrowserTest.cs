using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Browser;

/// <summary>What tests of the browser need: a site of their own on loopback, and a tenant that opens its pages.</summary>
public abstract partial class BrowserTest(DatabaseServers servers) : ContractTest(servers), IAsyncLifetime
{
    protected TestSite Site { get; private set; } = null!;

    private protected TestTenant Tenant { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Site = await TestSite.StartAsync(Cancellation);
        Site.Page("/", "<title>Start</title><h1>Welcome</h1>");
        Tenant = await NewTenantAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Tenant.Client.DeleteAsync("/api/browser", CancellationToken.None);
        Tenant.Dispose();
        await Site.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task<ApiResponse> PostAsync(string path, object body) => Tenant.Client.PostAsync(path, body, Cancellation);

    protected Task<ApiResponse> TryOpenAsync(string path) => PostAsync("/api/browser/open", new { url = Site.Url(path) });

    protected async Task<ApiResponse> OpenAsync(string path) => SessionCalls.Require(await TryOpenAsync(path), 200);

    protected async Task<string> RunAsync(string script) =>
        SessionCalls.Require(await PostAsync("/api/browser/execute", new { script }), 200).Json.GetProperty("result").GetRawText();

    protected async Task<string> SnapshotAsync() =>
        SessionCalls.Require(await Tenant.Client.GetAsync("/api/browser/snapshot", Cancellation), 200).Text("snapshot")!;

    /// <summary>The reference of the first element of a snapshot that is described so.</summary>
    protected static string RefOf(string snapshot, string described)
    {
        var line = snapshot.Split('\n').First(line => line.Contains(described, StringComparison.Ordinal));
        return Reference().Match(line).Groups[1].Value;
    }

    /// <summary>A picture of the page.</summary>
    protected async Task<(string? MediaType, byte[] Png)> TakeAsync(string query = "")
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Tenant.Server.BaseAddress, "/api/browser/screenshot" + query));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Tenant.Key);
        using var response = await http.SendAsync(request, Cancellation);
        Assert.Equal(200, (int)response.StatusCode);
        return (response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    /// <summary>What a PNG's header says of its size.</summary>
    protected static (int Width, int Height) SizeOf(byte[] png)
    {
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        return (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
    }

    [GeneratedRegex(@"\[ref=([a-z0-9]+)\]")]
    private static partial Regex Reference();
}
