using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Testing;
using OpenClaw.WebFrontend.Events;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Sockets;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Tests.Hosting;

/// <summary>The front-end on a real socket, with grains of the test's own behind it and a clock that the test drives.</summary>
internal sealed class FrontendHost : IAsyncDisposable
{
    public const string Key = "oc_test";
    public const string SessionId = "sess-abc123";

    private WebApplication? _app;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));

    public FakeSessionFeed Feed { get; } = new();

    public ConcurrentDictionary<string, FakeSessionGrain> Sessions { get; } = new();

    public ConcurrentDictionary<string, FakeApiKeyGrain> Keys { get; } = new();

    public ConcurrentDictionary<string, FakeRateLimitGrain> Limits { get; } = new();

    public FakeTenantFeed Events { get; } = new();

    public ConcurrentDictionary<string, FakeTenantEventsGrain> Logs { get; } = new();

    public ConcurrentDictionary<string, FakeTicketGrain> Tickets { get; } = new();

    public ConcurrentDictionary<string, FakeLoginGrain> Logins { get; } = new();

    public ConcurrentDictionary<string, FakeIdempotencyGrain> Idempotency { get; } = new();

    public ConcurrentDictionary<string, FakeTenantGrain> Tenants { get; } = new();

    /// <summary>Prepares sessions that come into being.</summary>
    public Action<FakeSessionGrain> OnNewSession { get; set; } = _ => { };

    public FakeTenantDirectoryGrain Directory { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    public Uri Address => Client.BaseAddress!;

    /// <summary>The session that most tests talk to.</summary>
    public FakeSessionGrain Session => Sessions[$"default/s/{SessionId}"];

    public FakeTenantEventsGrain Log => Logs.GetOrAdd("default/e", _ => new FakeTenantEventsGrain());

    public FakeRateLimitGrain Limit => Limits["default/r/messages"];

    public static Task<FrontendHost> StartAsync(params (string Setting, string Value)[] settings) => StartAsync(_ => { }, settings);

    /// <param name="configure">Adds or replaces services; runs last.</param>
    /// <param name="settings">Configuration.</param>
    public static async Task<FrontendHost> StartAsync(
        Action<IServiceCollection> configure, params (string Setting, string Value)[] settings)
    {
        var host = new FrontendHost();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Setting, setting.Value)));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddOpenClawFrontend();
        builder.Services.AddSingleton<TimeProvider>(host.Time);
        builder.Services.AddSingleton<ISessionFeed>(host.Feed);
        builder.Services.AddSingleton<ITenantFeed>(host.Events);
        builder.Services.AddSingleton(GrainFactoryProxy.Create(host.Register));
        configure(builder.Services);
        host._app = builder.Build();
        host._app.MapOpenClaw();
        await host._app.StartAsync();

        host.AddKey(Key, "default", Scopes.All);
        host.Limits["default/r/messages"] = new FakeRateLimitGrain();
        await host.AddSessionAsync($"default/s/{SessionId}");
        host.Client = new HttpClient { BaseAddress = new Uri(host._app.Urls.First()) };
        host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return host;
    }

    /// <summary>Completes when so many sockets are open.</summary>
    public Task SocketsAsync(int count) => Eventually.IsSoAsync(() => Services.GetRequiredService<OpenSockets>().Count == count);

    public async Task<FakeSessionGrain> AddSessionAsync(string key)
    {
        var session = Sessions[key] = new FakeSessionGrain(key);
        await session.Create(new CreateSession { Model = "claude-3-5-sonnet-20241022" }, CancellationToken.None);
        return session;
    }

    public FakeApiKeyGrain AddKey(string key, string tenant, Scopes scopes, DateTimeOffset? expiresAt = null)
    {
        var grain = Keys.GetOrAdd(new ApiKeyGrainKey(KeyDigest.Of(key).ToHex()).ToString(), _ => new FakeApiKeyGrain());
        grain.Key = new ApiKeyInfo
        {
            KeyId = "key-1",
            TenantId = tenant,
            Name = "test",
            Scopes = scopes,
            CreatedAt = Time.GetUtcNow(),
            ExpiresAt = expiresAt,
        };
        return grain;
    }

    /// <summary>A request without the default key; <paramref name="body"/> goes as JSON.</summary>
    public static HttpRequestMessage Request(HttpMethod method, string path, string? body = null, string? key = Key)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        if (key is not null)
            request.Headers.Add("X-API-Key", key);
        return request;
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, body, key: null);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(request);
    }

    /// <summary>Sends a request of the test's own making, with the default key.</summary>
    public async Task<Answer> SendAsync(HttpRequestMessage request) =>
        await Answer.OfAsync(await Client.SendAsync(request, TestContext.Current.CancellationToken));

    /// <summary>The same with a key of the test's choice or with none.</summary>
    public async Task<Answer> SendAsAsync(string? key, HttpMethod method, string path, string? body = null)
    {
        using var request = Request(method, path, body, key);
        return await SendBareAsync(request);
    }

    /// <summary>Sends a request as it is, without the default key.</summary>
    public async Task<Answer> SendBareAsync(HttpRequestMessage request)
    {
        using var client = new HttpClient { BaseAddress = Address };
        return await Answer.OfAsync(await client.SendAsync(request, TestContext.Current.CancellationToken));
    }

    /// <summary>What a signal sets off.</summary>
    public Task StopAsync() => _app!.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
    }

    private FakeSessionGrain NewSession(string key)
    {
        var session = new FakeSessionGrain(key);
        OnNewSession(session);
        return session;
    }

    private void Register(GrainFactoryProxy grains)
    {
        grains.Add<ISessionGrain>(key => Sessions.GetOrAdd(key, NewSession));
        grains.Add<ITenantEventsGrain>(key => Logs.GetOrAdd(key, _ => new FakeTenantEventsGrain()));
        grains.Add<ITicketGrain>(key => Tickets.GetOrAdd(key, _ => new FakeTicketGrain(Time)));
        grains.Add<ILoginGrain>(key => Logins.GetOrAdd(key, _ => new FakeLoginGrain(Time)));
        grains.Add<IApiKeyGrain>(key => Keys.GetOrAdd(key, _ => new FakeApiKeyGrain()));
        grains.Add<IRateLimitGrain>(key => Limits.GetOrAdd(key, _ => new FakeRateLimitGrain()));
        grains.Add<IIdempotencyGrain>(key => Idempotency.GetOrAdd(key, _ => new FakeIdempotencyGrain()));
        grains.Add<ITenantGrain>(key => Tenants.GetOrAdd(key, _ => new FakeTenantGrain()));
        grains.Add<ITenantDirectoryGrain>(_ => Directory);
    }
}
