using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests;

public sealed class ApiKeyAuthenticatorTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeApiKeyGrain _grain = new();
    private readonly List<string> _keys = [];
    private readonly ApiKeyAuthenticator _authenticator;

    public ApiKeyAuthenticatorTests()
    {
        _grain.Key = new ApiKeyInfo { KeyId = "key-1", TenantId = "acme", Name = "n", Scopes = Scopes.Read, CreatedAt = _time.GetUtcNow() };
        var grains = GrainFactoryProxy.Create(factory => factory.Add<IApiKeyGrain>(key =>
        {
            _keys.Add(key);
            return _grain;
        }));
        _authenticator = new ApiKeyAuthenticator(grains, _time, Options.Create(new FrontendOptions { KeyCacheEntries = 100 }));
    }

    [Fact]
    public async Task A_key_is_asked_for_by_its_hash_and_believed_for_half_a_second()
    {
        var caller = await _authenticator.AuthenticateAsync("abc");
        _time.Advance(TimeSpan.FromMilliseconds(499));
        var again = await _authenticator.AuthenticateAsync("abc");

        Assert.Equal(("acme", Scopes.Read), (caller!.Tenant.Value, caller.Scopes));
        Assert.Same(caller, again);
        Assert.Equal(1, _grain.Asked);
        Assert.Equal(["key/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"], _keys);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_half_a_second_later()
    {
        Assert.NotNull(await _authenticator.AuthenticateAsync("abc"));
        _grain.Key = null;
        _time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Null(await _authenticator.AuthenticateAsync("abc"));
    }

    [Fact]
    public async Task A_key_that_expires_is_refused_at_once()
    {
        _grain.Key = _grain.Key! with { ExpiresAt = _time.GetUtcNow().AddMilliseconds(100) };
        Assert.NotNull(await _authenticator.AuthenticateAsync("abc"));
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Null(await _authenticator.AuthenticateAsync("abc"));
    }

    [Fact]
    public async Task An_unknown_key_is_remembered_as_briefly()
    {
        var key = _grain.Key;
        _grain.Key = null;
        Assert.Null(await _authenticator.AuthenticateAsync("abc"));
        Assert.Null(await _authenticator.AuthenticateAsync("abc"));
        Assert.Equal(1, _grain.Asked);
        _grain.Key = key;
        _time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.NotNull(await _authenticator.AuthenticateAsync("abc"));
    }

    [Fact]
    public async Task Requests_that_come_together_ask_once()
    {
        var gate = new TaskCompletionSource();
        _grain.Gate = gate.Task;
        var first = _authenticator.AuthenticateAsync("abc").AsTask();
        var second = _authenticator.AuthenticateAsync("abc").AsTask();
        gate.SetResult();

        Assert.Same(await first, await second);
        Assert.Equal(1, _grain.Asked);
    }

    [Fact]
    public async Task A_failure_is_told_to_everyone_who_waited_and_not_remembered()
    {
        var gate = new TaskCompletionSource();
        _grain.Gate = gate.Task;
        var first = _authenticator.AuthenticateAsync("abc").AsTask();
        var second = _authenticator.AuthenticateAsync("abc").AsTask();
        gate.SetException(new TimeoutException());

        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Assert.ThrowsAsync<TimeoutException>(() => second);
        _grain.Gate = Task.CompletedTask;
        Assert.NotNull(await _authenticator.AuthenticateAsync("abc"));
    }

    [Fact]
    public async Task Made_up_keys_do_not_push_out_a_real_one()
    {
        var key = _grain.Key;
        await _authenticator.AuthenticateAsync("abc");
        _grain.Key = null;
        for (var i = 0; i < 1000; i++)
            Assert.Null(await _authenticator.AuthenticateAsync($"made-up-{i}"));
        var asked = _grain.Asked;

        Assert.Equal(key!.KeyId, (await _authenticator.AuthenticateAsync("abc"))?.KeyId);
        Assert.Equal(asked, _grain.Asked);
    }

    [Fact]
    public async Task Nothing_is_asked_for_an_empty_or_an_overlong_key()
    {
        Assert.Null(await _authenticator.AuthenticateAsync(""));
        Assert.Null(await _authenticator.AuthenticateAsync(new string('x', 513)));
        Assert.NotNull(await _authenticator.AuthenticateAsync(new string('中', 512)));
        Assert.Equal(1, _grain.Asked);
    }

    [Fact]
    public void A_full_cache_keeps_what_is_used_and_forgets_the_rest()
    {
        var cache = new GenerationCache<int, string>(100);
        for (var i = 0; i < 1000; i++)
        {
            cache.Set(i, "x");
            Assert.True(i == 0 || cache.TryGet(0, out _));
        }

        Assert.False(cache.TryGet(500, out _));
        Assert.InRange(Enumerable.Range(0, 1000).Count(i => cache.TryGet(i, out _)), 2, 100);
    }
}
