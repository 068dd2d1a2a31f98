using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Skills.Registry;
using OpenClaw.Grains.Tests.Egress;
using OpenClaw.Testing.Http;

namespace OpenClaw.Grains.Tests.Skills.Registry;

/// <summary>The registry's client, with a registry on loopback that does what none should, and a site elsewhere to which it leads.</summary>
public abstract class SkillRegistryTest : IAsyncLifetime
{
    protected const string Slug = "word-count";
    protected const string Token = "clh_secret";
    protected const string DiscoveryPath = "/.well-known/clawhub.json";
    protected const string SkillPath = "/api/v1/skills/word-count";
    protected const string InstallPath = SkillPath + "/install";
    protected const string VerifyPath = SkillPath + "/verify";
    protected const string VersionPath = SkillPath + "/versions/1.0.0";
    protected const string DownloadPath = "/api/v1/download";
    protected const string ResolvePath = "/api/v1/resolve";
    protected const string Fingerprint = "c0ffee";
    protected const string Zip = "application/zip";

    private readonly List<IDisposable> _opened = [];
    private EgressHttp _egress = null!;

    protected static byte[] Archive { get; } = Encoding.UTF8.GetBytes(new string('z', 1000));
    protected static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected RetryClock Clock { get; } = new();
    private protected WatchedTarget Target { get; } = new();
    private protected ConcurrentQueue<string> Authorizations { get; } = [];
    private protected TestSite Site { get; private set; } = null!;
    private protected TestSite Elsewhere { get; private set; } = null!;
    private protected FakeNetwork Network { get; private set; } = null!;
    private protected SkillRegistry Registry { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Site = await TestSite.StartAsync(Cancellation);
        Elsewhere = await TestSite.StartAsync(Cancellation);
        Network = new FakeNetwork(Elsewhere.Address.Port);
        Network.Name("files.example", FakeNetwork.PublicAddress);
        _egress = new EgressHttp(new EgressPolicy(Options.Create(new EgressOptions()), Network));
        Registry = Create(Site.Url("/"));
        Json(SkillPath, """{"skill":{"slug":"word-count"},"latestVersion":{"version":"1.1.0"},"moderation":null}""");
        Json(VersionPath, """{"version":{"version":"1.0.0"}}""");
        Json(VerifyPath, """{"decision":"pass","reasons":[],"security":{"status":"clean"}}""");
        Json(ResolvePath, """{"match":{"version":"1.1.0"},"latestVersion":{"version":"1.1.0"}}""");
        Site.Map(DownloadPath, SendArchiveAsync);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened) opened.Dispose();
        _egress.Dispose();
        await Site.DisposeAsync();
        await Elsewhere.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static void AssertProblem(int status, string? field, LocalizedText reason, Problem? problem)
    {
        Assert.NotNull(problem);
        Assert.Equal(reason, problem.Reason);
        Assert.Equal(status, problem.Status);
        Assert.Equal(field, problem.Field);
    }

    private protected SkillRegistry Create(string address)
    {
        var options = Options.Create(new RegistryOptions { BaseUrl = address, Token = Token, Timeout = Limit });
        var connection = new RegistryConnection(options, _egress, Clock);
        _opened.Add(connection);
        return new SkillRegistry(connection, options, Clock);
    }

    private protected Task<(RegistryDownload? Download, Problem? Problem)> DownloadAsync(
        string slug = Slug, string? owner = null, string? version = null, bool force = false, Stream? target = null) =>
        Registry.DownloadAsync(slug, owner, version, force, target ?? Target, Cancellation);

    private protected Task<Problem?> VerifyAsync(string version) =>
        Registry.VerifyAsync(new RegistryDownload(Slug, "someone", version, 1), Fingerprint, Cancellation);

    private protected int TimesAsked(string path) => Site.Asked.Count(asked => asked.EndsWith(' ' + path, StringComparison.Ordinal));

    private protected void Json(string path, string json, int status = 200) => Site.Map(path, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    });

    private protected void Status(string path, int status) => Site.Map(path, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync("no", context.RequestAborted);
    });

    private protected Task SendArchiveAsync(HttpContext context)
    {
        Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        return SendAsync(context, Zip);
    }

    private protected static async Task SendAsync(HttpContext context, string? type)
    {
        context.Response.ContentType = type;
        await context.Response.Body.WriteAsync(Archive, context.RequestAborted);
    }

    /// <summary>Waits between attempts pass at once and are remembered; longer times pass when the test says so.</summary>
    private protected sealed class RetryClock : FakeTimeProvider
    {
        private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

        public ConcurrentQueue<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero && dueTime <= LongestWait)
            {
                Waits.Enqueue(dueTime);
                Advance(dueTime);
            }

            return timer;
        }
    }

    /// <summary>Tells when something has arrived.</summary>
    private protected sealed class WatchedTarget : MemoryStream
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => _written.Task;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            _written.TrySetResult();
        }
    }
}
