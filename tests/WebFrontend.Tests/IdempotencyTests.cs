using System.Text.Json.Nodes;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests;

public sealed class IdempotencyTests
{
    private const string Sessions = "/api/sessions";
    private const string Keys = "/api/admin/tenants/acme/keys";
    private static readonly (string, string) Key = ("Idempotency-Key", "order-4711");

    [Fact]
    public async Task The_same_request_gives_the_first_answer_again()
    {
        await using var host = await FrontendHost.StartAsync();

        var first = await host.SendAsync(HttpMethod.Post, Sessions, "{}", Key);
        var second = await host.SendAsync(HttpMethod.Post, Sessions, "{}", Key);

        Assert.Equal((201, null), (first.Status, first["Idempotent-Replayed"]));
        Assert.Equal((201, "true"), (second.Status, second["Idempotent-Replayed"]));
        Assert.Equal((first.Text, first["Location"]), (second.Text, second["Location"]));
        Assert.Equal(2, host.Sessions.Count);
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_a_conflict()
    {
        await using var host = await FrontendHost.StartAsync();
        await host.SendAsync(HttpMethod.Post, Sessions, "{}", Key);

        var answer = await host.SendAsync(HttpMethod.Post, Sessions, """{"title":"x"}""", Key, ("Accept-Language", "zh"));

        Assert.Equal((409, "INVALID_REQUEST"), (answer.Status, (string?)answer.Error["code"]));
        Assert.Equal(("Idempotency-Key", Reasons.IdempotencyMismatch.Chinese), ((string?)answer.Error["details"]!["field"], (string?)answer.Error["details"]!["reason"]));
    }

    [Fact]
    public async Task A_key_belongs_to_its_tenant_and_path()
    {
        await using var host = await FrontendHost.StartAsync();
        host.AddKey("other", "acme", Scopes.All);
        await host.SendAsync(HttpMethod.Post, Sessions, "{}", Key);

        using var request = FrontendHost.Request(HttpMethod.Post, Sessions, """{"title":"x"}""", "other");
        request.Headers.Add(Key.Item1, Key.Item2);
        var elsewhere = await host.SendAsync(HttpMethod.Post, $"{Sessions}/{FrontendHost.SessionId}/cancel", null, Key);

        Assert.Equal(201, (await host.SendBareAsync(request)).Status);
        Assert.Equal(200, elsewhere.Status);
        Assert.Equal(3, host.Idempotency.Count);
    }

    [Fact]
    public async Task A_request_whose_first_sending_still_runs_is_asked_to_come_back()
    {
        await using var host = await FrontendHost.StartAsync();
        await host.SendAsync(HttpMethod.Post, Sessions, "{}", Key);
        host.Idempotency.Values.Single().InProgress = true;

        var answer = await host.SendAsync(HttpMethod.Post, Sessions, "{}", Key);

        Assert.Equal((409, Reasons.RequestInProgress.English), (answer.Status, (string?)answer.Error["details"]!["reason"]));
    }

    [Fact]
    public async Task What_was_refused_is_not_kept()
    {
        await using var host = await FrontendHost.StartAsync();

        var refused = await host.SendAsync(HttpMethod.Post, Sessions, """{"title":5}""", Key);
        var accepted = await host.SendAsync(HttpMethod.Post, Sessions, """{"title":"x"}""", Key);

        Assert.Equal((400, 201), (refused.Status, accepted.Status));
    }

    [Fact]
    public async Task A_database_that_was_away_leaves_the_key_free()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Tenants["acme/"] = new FakeTenantGrain { Failure = new StorageUnavailableException("full", new IOException()) };

        var away = await host.SendAsync(HttpMethod.Post, Keys, """{"name":"k","scopes":["read"]}""", Key);
        host.Tenants["acme/"].Failure = null;
        var back = await host.SendAsync(HttpMethod.Post, Keys, """{"name":"k","scopes":["read"]}""", Key);

        Assert.Equal((503, 404), (away.Status, back.Status));
    }

    [Fact]
    public async Task A_failure_in_the_middle_is_an_unknown_outcome_from_then_on()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Tenants["acme/"] = new FakeTenantGrain { Failure = new TimeoutException() };

        var failed = await host.SendAsync(HttpMethod.Post, Keys, """{"name":"k","scopes":["read"]}""", Key);
        host.Tenants["acme/"].Failure = null;
        var retried = await host.SendAsync(HttpMethod.Post, Keys, """{"name":"k","scopes":["read"]}""", Key);

        Assert.Equal((504, 409), (failed.Status, retried.Status));
        Assert.Contains("outcome unknown", (string?)retried.Error["details"]!["reason"]);
    }

    [Fact]
    public async Task A_created_key_is_replayed_without_its_secret()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Tenants["acme/"] = new FakeTenantGrain { Tenant = new TenantInfo("acme", "Acme", host.Time.GetUtcNow()) };

        var first = await host.SendAsync(HttpMethod.Post, Keys, """{"name":"k","scopes":["read"]}""", Key);
        var second = await host.SendAsync(HttpMethod.Post, Keys, """{"name":"k","scopes":["read"]}""", Key);

        var expected = first.Json.AsObject();
        Assert.StartsWith("oc_", (string?)expected["key"]);
        Assert.True(expected.Remove("key"));
        Assert.True(JsonNode.DeepEquals(expected, second.Json));
        Assert.DoesNotContain("oc_", host.Idempotency.Values.Single().Answer!.Body.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("tab\tbed")]
    [InlineData(null)]
    public async Task A_key_of_the_wrong_shape_is_refused(string? value)
    {
        await using var host = await FrontendHost.StartAsync();
        var key = ("Idempotency-Key", value ?? new string('k', 256));

        foreach (var path in new[] { Sessions, $"{Sessions}/{FrontendHost.SessionId}/messages" })
        {
            var answer = await host.SendAsync(HttpMethod.Post, path, """{"content":"a"}""", key);

            Assert.Equal((400, "Idempotency-Key"), (answer.Status, (string?)answer.Error["details"]!["field"]));
        }
    }
}
