using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Idempotency;

/// <summary>The same request under the same key has one effect and one answer.</summary>
public abstract class IdempotencyTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : IdempotencyTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : IdempotencyTests(servers.OnPostgres);

    [Fact]
    public async Task A_message_sent_again_gets_the_first_answer_again()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var first = await tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, Key("a"));
        var again = await tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, Key("a"));
        Assert.Null(first.Header("Idempotent-Replayed"));
        IsReplay(first, again);
        Assert.Equal(2, (await tenant.Client.HistoryAsync(id, Cancellation)).Count);
    }

    [Fact]
    public async Task A_streamed_message_sent_again_gets_the_first_frames_again()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var first = await tenant.Client.StreamMessageAsync(id, CodeQuestion, Cancellation, null, Key("a"));
        var told = await first.ReadToEndAsync(Cancellation);
        await using var again = await tenant.Client.StreamMessageAsync(id, CodeQuestion, Cancellation, null, Key("a"));
        Assert.Equal(200, again.Status);
        Assert.Equal("true", again.Header("Idempotent-Replayed"));
        Assert.Null(first.Header("Idempotent-Replayed"));
        Assert.Equal(told.Select(frame => (frame.Seq, frame.Raw)), (await again.ReadToEndAsync(Cancellation)).Select(frame => (frame.Seq, frame.Raw)));
        Assert.Equal(2, (await tenant.Client.HistoryAsync(id, Cancellation)).Count);
    }

    [Fact]
    public async Task A_streamed_message_sent_again_while_its_turn_runs_follows_that_turn()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var first = await tenant.Client.StreamMessageAsync(id, "hello", Cancellation, null, Key("a"));
        var told = await first.ReadUntilAsync(frame => frame.Type == "text", Cancellation);
        await using var again = await tenant.Client.StreamMessageAsync(id, "hello", Cancellation, null, Key("a"));
        told.AddRange(await first.ReadToEndAsync(Cancellation));
        Assert.Equal(told.Select(frame => (frame.Seq, frame.Raw)), (await again.ReadToEndAsync(Cancellation)).Select(frame => (frame.Seq, frame.Raw)));
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_a_conflict()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, Key("a")), 200);
        ErrorAssert.IsConflict(await tenant.Client.SendMessageAsync(id, "other", Cancellation, null, Key("a")));
        Assert.Equal(2, (await tenant.Client.HistoryAsync(id, Cancellation)).Count);
    }

    [Fact]
    public async Task Duplicates_in_parallel_give_one_turn()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var responses = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, Key("p"))));
        Assert.All(responses, response => Assert.True(response.Status == 200, response.ToString()));
        Assert.Single(responses.Select(response => response.Text("messageId")).Distinct());
        Assert.Single(responses, response => response.Header("Idempotent-Replayed") is null);
        Assert.Equal(2, (await tenant.Client.HistoryAsync(id, Cancellation)).Count);
    }

    [Fact]
    public async Task A_session_is_created_once()
    {
        using var tenant = await NewTenantAsync();
        var first = await tenant.Client.PostAsync("/api/sessions", new { title = "once" }, Cancellation, Key("s"));
        var again = await tenant.Client.PostAsync("/api/sessions", new { title = "once" }, Cancellation, Key("s"));
        IsReplay(first, again);
        Assert.Equal(first.Header("Location"), again.Header("Location"));
        Assert.Single((await tenant.Client.GetAsync("/api/sessions", Cancellation)).Json.GetProperty("sessions").EnumerateArray());
        ErrorAssert.IsConflict(await tenant.Client.PostAsync("/api/sessions", new { title = "twice" }, Cancellation, Key("s")));
    }

    [Fact]
    public async Task Sessions_created_in_parallel_under_one_key_are_one()
    {
        using var tenant = await NewTenantAsync();
        var responses = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => tenant.Client.PostAsync("/api/sessions", "{}", Cancellation, Key("s"))));
        Assert.Contains(responses, response => response.Status == 201);
        Assert.All(responses, response => Assert.True(response.Status is 201 or 409, response.ToString()));
        Assert.Single(responses.Where(response => response.Status == 201).Select(response => response.Text("sessionId")).Distinct());
        Assert.Single((await tenant.Client.GetAsync("/api/sessions", Cancellation)).Json.GetProperty("sessions").EnumerateArray());
    }

    [Fact]
    public async Task Tenants_are_created_once()
    {
        using var admin = (await Servers.Quick).CreateAdminClient();
        var key = Key(Guid.NewGuid().ToString());
        var first = await admin.PostAsync("/api/admin/tenants", new { name = "once" }, Cancellation, key);
        IsReplay(first, await admin.PostAsync("/api/admin/tenants", new { name = "once" }, Cancellation, key));
    }

    [Fact]
    public async Task A_key_belongs_to_a_tenant_and_a_path()
    {
        using var tenant = await NewTenantAsync();
        using var other = await NewTenantAsync();
        var ids = new[]
        {
            await tenant.Client.CreateSessionAsync(Cancellation), await tenant.Client.CreateSessionAsync(Cancellation),
        };
        var foreign = await other.Client.CreateSessionAsync(Cancellation);
        var answers = new[]
        {
            await tenant.Client.SendMessageAsync(ids[0], "hello", Cancellation, null, Key("k")),
            await tenant.Client.SendMessageAsync(ids[1], "hello", Cancellation, null, Key("k")),
            await other.Client.SendMessageAsync(foreign, "hello", Cancellation, null, Key("k")),
        };
        Assert.All(answers, answer => Assert.Null(answer.Header("Idempotent-Replayed")));
        Assert.Equal(3, answers.Select(answer => answer.Text("messageId")).Distinct().Count());
    }

    [Fact]
    public async Task What_was_refused_before_it_was_accepted_is_not_kept()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        ErrorAssert.IsInvalid(await tenant.Client.SendMessageAsync(id, "", Cancellation, null, Key("r")));
        var corrected = await tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, Key("r"));
        Assert.Equal(200, corrected.Status);
        Assert.Null(corrected.Header("Idempotent-Replayed"));

        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/sessions", new { title = 3 }, Cancellation, Key("r")));
        Assert.Equal(201, (await tenant.Client.PostAsync("/api/sessions", new { title = "3" }, Cancellation, Key("r"))).Status);
    }

    [Fact]
    public async Task What_was_refused_by_a_running_turn_is_not_kept()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var stream = await tenant.Client.StreamMessageAsync(id, "hello", Cancellation);
        ErrorAssert.IsConflict(await tenant.Client.SendMessageAsync(id, "later", Cancellation, "reject", Key("r")));
        await stream.ReadToEndAsync(Cancellation);
        var accepted = await tenant.Client.SendMessageAsync(id, "later", Cancellation, "reject", Key("r"));
        Assert.Equal(200, accepted.Status);
        Assert.Null(accepted.Header("Idempotent-Replayed"));
    }

    [Fact]
    public async Task What_was_refused_by_a_limit_is_not_kept()
    {
        using var tenant = await NewTenantAsync();
        await tenant.LimitMessagesAsync(1, Cancellation);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "hello", Cancellation), 200);
        ErrorAssert.IsRateLimited(await tenant.Client.SendMessageAsync(id, "more", Cancellation, null, Key("l")), 1);
        await tenant.LimitMessagesAsync(10, Cancellation);
        var accepted = await tenant.Client.SendMessageAsync(id, "more", Cancellation, null, Key("l"));
        Assert.Equal(200, accepted.Status);
        Assert.Null(accepted.Header("Idempotent-Replayed"));
    }

    [Fact]
    public async Task A_key_has_1_to_255_visible_characters()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        ErrorAssert.IsInvalid(await tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, Key(new string('k', 256))));
        ErrorAssert.IsInvalid(await tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, Key("two words")));
        ErrorAssert.IsInvalid(await tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, Key("")));
        Assert.Equal(200, (await tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, Key(new string('k', 255)))).Status);
        Assert.Equal(200, (await tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, Key("!\"#$%&'()*+,-./~"))).Status);
    }

    [Fact]
    public async Task Keys_hold_across_a_restart()
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Database = Servers.Database }, Cancellation);
        using var admin = server.CreateAdminClient();
        var created = await admin.PostAsync("/api/sessions", new { title = "once" }, Cancellation, Key("s"));
        var id = created.Text("sessionId")!;
        var sent = await admin.SendMessageAsync(id, "hello", Cancellation, null, Key("m"));
        await server.RestartAsync(Cancellation);
        IsReplay(created, await admin.PostAsync("/api/sessions", new { title = "once" }, Cancellation, Key("s")));
        IsReplay(sent, await admin.SendMessageAsync(id, "hello", Cancellation, null, Key("m")));
        ErrorAssert.IsConflict(await admin.SendMessageAsync(id, "other", Cancellation, null, Key("m")));
        Assert.Equal(2, (await admin.HistoryAsync(id, Cancellation)).Count);
    }

    private static (string, string) Key(string value) => ("Idempotency-Key", value);

    private static void IsReplay(ApiResponse first, ApiResponse again)
    {
        Assert.True(first.Status is 200 or 201, first.ToString());
        Assert.Equal(first.Status, again.Status);
        Assert.Equal("true", again.Header("Idempotent-Replayed"));
        Assert.Equal(first.Body, again.Body);
    }
}
