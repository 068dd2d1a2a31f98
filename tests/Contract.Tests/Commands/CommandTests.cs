using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Commands;

/// <summary>What the contract says of commands, and what a hostile one may try. The database has no part in it.</summary>
public sealed class CommandTests(Servers servers) : ContractTest(servers.OnSqlite)
{
    [Fact]
    public async Task A_command_has_its_outputs_its_exit_code_and_the_workspace()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant, "/Projects/数据.txt", "内容");

        var run = await RunAsync(tenant, "cat 数据.txt; echo 错误 >&2; echo new > /Documents/made.txt; mkdir ~/top; pwd; exit 7", "/Projects");

        Assert.Equal(("内容/Projects\n", "错误\n", 7), (run.Text("stdout"), run.Text("stderr"), run.Json.GetProperty("exitCode").GetInt32()));
        Assert.Equal("new\n", (await tenant.Client.GetAsync("/api/files/read?path=/Documents/made.txt", Cancellation)).Text("content"));
        // What a command made is the tenant's to change, and what the API makes is the command's.
        await WriteAsync(tenant, "/Documents/made.txt", "api");
        await WriteAsync(tenant, "/deep/er/a.txt", "api");
        var changed = await RunAsync(tenant, "cat /workspace/Documents/made.txt && echo more >> /Documents/made.txt && rm /deep/er/a.txt && rmdir /deep/er && rmdir ~/top");
        Assert.Equal(("api", "", 0), (changed.Text("stdout"), changed.Text("stderr"), changed.Json.GetProperty("exitCode").GetInt32()));
    }

    [Fact]
    public async Task A_command_sees_no_network_no_secret_no_other_process_and_no_other_tenant()
    {
        using var owner = await NewTenantAsync();
        using var tenant = await NewTenantAsync();
        await WriteAsync(owner, "/Documents/secret.md", "the owner's secret");
        var port = tenant.Server.BaseAddress.Port;

        var run = await RunAsync(
            tenant,
            $"(echo > /dev/tcp/127.0.0.1/{port}) 2>&1; (exec 3<>/dev/tcp/1.1.1.1/80) 2>&1; env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'; "
            + "find / -xdev -name 'secret.m?' 2>/dev/null; ls -A / /etc; id; cat /etc/shadow; ls /root /home; touch /usr/x /x; unshare -Ur true; mount -t tmpfs x /tmp");

        Assert.Contains("Connection refused", run.Text("stdout"), StringComparison.Ordinal);
        Assert.Contains("Network is unreachable", run.Text("stdout"), StringComparison.Ordinal);
        Assert.All(
            new[] { "secret.md", "OpenClaw__", "DOTNET", "oc_", "dotnet", owner.TenantId, "openclaw.db", "uid=0" },
            secret => Assert.DoesNotContain(secret, run.Text("stdout"), StringComparison.Ordinal));
        Assert.Contains("Read-only file system", run.Text("stderr"), StringComparison.Ordinal);
        Assert.Contains("unshare: unshare failed: Operation not permitted", run.Text("stderr"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_its_time_out_every_process_of_it_is_dead()
    {
        using var tenant = await NewTenantAsync();
        var mark = MarkedProcesses.NewMark();

        var run = await RunAsync(
            tenant,
            $"trap '' TERM INT HUP; setsid bash -c \"trap '' TERM; exec -a {mark} sleep 1000\" & (( exec -a {mark} sleep 1000 & ) & ) ; nohup bash -c 'exec -a {mark} sleep 1000' & echo begun; exec -a {mark} sleep 1000",
            timeout: 1500);

        Assert.Equal("begun\n", run.Text("stdout"));
        Assert.Equal((124, true), (run.Json.GetProperty("exitCode").GetInt32(), run.Json.GetProperty("timedOut").GetBoolean()));
        Assert.Equal(0, MarkedProcesses.Count(mark));
    }

    [Fact]
    public async Task What_a_command_left_in_the_background_dies_with_it()
    {
        using var tenant = await NewTenantAsync();
        var mark = MarkedProcesses.NewMark();

        var run = await RunAsync(tenant, $"setsid bash -c 'exec -a {mark} sleep 1000' >/dev/null 2>&1 & echo begun");

        Assert.Equal("begun\n", run.Text("stdout"));
        Assert.Equal(0, MarkedProcesses.Count(mark));
    }

    [Fact]
    public async Task Bombs_end_and_other_tenants_go_on_meanwhile()
    {
        using var tenant = await NewTenantAsync();
        using var other = await NewTenantAsync();
        await WriteAsync(other, "/a.txt", "a");

        var forks = RunAsync(tenant, "bomb() { bomb | bomb & }; bomb; sleep 60", timeout: 3000);
        var memory = RunAsync(tenant, "tail /dev/zero; echo $?");
        var flood = RunAsync(tenant, "head -c 1000000000 /dev/zero | tr '\\0' x; echo end >&2");
        Assert.Equal(200, (await other.Client.GetAsync("/api/files/list", Cancellation)).Status); // Once: files have a rate limit, commands have none.
        while (!forks.IsCompleted || !memory.IsCompleted || !flood.IsCompleted)
        {
            Assert.Equal("fine\n", (await RunAsync(other, "echo fine")).Text("stdout"));
        }

        Assert.True((await forks).Json.GetProperty("timedOut").GetBoolean());
        Assert.NotEqual("0\n", (await memory).Text("stdout"));
        Assert.Equal((new string('x', 1024 * 1024), "end\n"), ((await flood).Text("stdout"), (await flood).Text("stderr")));
        Assert.True((await flood).Json.GetProperty("truncated").GetBoolean());
    }

    [Fact]
    public async Task A_command_that_fills_the_storage_is_killed_and_may_clear_it()
    {
        using var tenant = await NewTenantAsync();
        SessionCalls.Require(
            await tenant.Admin.PutAsync($"/api/admin/tenants/{tenant.TenantId}/limits", new { storageBytes = 1_000_000 }, Cancellation), 200);

        var filled = await RunAsync(tenant, "head -c 2000000 /dev/zero > ~/big; sleep 60");
        var refused = await tenant.Client.PostAsync("/api/files/write", new { path = "/more.txt", content = "x" }, Cancellation);
        var cleared = await RunAsync(tenant, "rm ~/big && sleep 1 && echo cleared");
        await WriteAsync(tenant, "/more.txt", "x");

        Assert.Equal((137, "storage"), (filled.Json.GetProperty("exitCode").GetInt32(), filled.Text("killed")));
        ErrorAssert.IsError(refused, 413, "INVALID_REQUEST", "content");
        Assert.Equal("cleared\n", cleared.Text("stdout"));
    }

    [Fact]
    public async Task Commands_that_follow_one_another_cannot_fill_a_full_storage_further()
    {
        using var tenant = await NewTenantAsync();
        SessionCalls.Require(
            await tenant.Admin.PutAsync($"/api/admin/tenants/{tenant.TenantId}/limits", new { storageBytes = 1_000_000 }, Cancellation), 200);
        await RunAsync(tenant, "head -c 2000000 /dev/zero > ~/big; sleep 60");

        var more = await RunAsync(tenant, "head -c 3000000 /dev/zero > ~/more");
        var both = await RunAsync(tenant, "stat -c %s ~/big ~/more; rm ~/big");
        var again = await RunAsync(tenant, "echo there is room > ~/note && cat ~/note");

        Assert.Equal((137, "storage"), (more.Json.GetProperty("exitCode").GetInt32(), more.Text("killed")));
        Assert.Equal("2000000\n0\n", both.Text("stdout"));
        Assert.Equal("there is room\n", again.Text("stdout"));
    }

    [Fact]
    public async Task A_link_that_a_command_makes_leads_the_next_one_nowhere()
    {
        using var tenant = await NewTenantAsync();
        await RunAsync(tenant, "ln -s / ~/evil; rm -r ~/Documents; ln -s /etc ~/Documents");

        var run = await RunAsync(tenant, "cat ~/evil/etc/shadow; ls ~/Documents/; ls ~/evil/root");
        var cwd = await tenant.Client.PostAsync("/api/commands/execute", new { command = "ls", cwd = "/evil" }, Cancellation);

        Assert.DoesNotContain("root:", run.Text("stdout"), StringComparison.Ordinal);
        // It is the sandbox's own /etc.
        Assert.Contains("passwd", run.Text("stdout"), StringComparison.Ordinal);
        ErrorAssert.IsInvalid(cwd, "cwd");
    }

    [Fact]
    public async Task A_time_out_that_comes_at_once_leaves_nothing_running()
    {
        using var tenant = await NewTenantAsync();
        var mark = MarkedProcesses.NewMark();
        for (var timeout = 1; timeout <= 40; timeout++)
        {
            var run = await RunAsync(tenant, $"exec -a {mark} sleep 1000", timeout: timeout);
            Assert.True(run.Json.GetProperty("timedOut").GetBoolean());
        }

        Assert.Equal(0, MarkedProcesses.Count(mark));
    }

    [Fact]
    public async Task Room_cannot_be_set_aside_behind_the_limits()
    {
        using var tenant = await NewTenantAsync();

        var run = await RunAsync(tenant, "touch ~/hidden; fallocate -n -l 1G ~/hidden; fallocate -l 1G ~/large; ls -s ~/hidden ~/large; echo > /dev/shm/a && rm /dev/shm/a && df -k --output=size /dev/shm | tail -1");

        Assert.Contains("fallocate: fallocate failed: Operation not supported", run.Text("stderr"), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^0 /workspace/hidden$", run.Text("stdout"));
        Assert.Matches(@"(?m)^\s*65536$", run.Text("stdout"));
    }

    [Fact]
    public async Task Output_is_streamed_as_it_is_written_and_the_exit_comes_last()
    {
        using var tenant = await NewTenantAsync();
        await RunAsync(tenant, "mkfifo ~/go");
        await using var stream = await tenant.Client.OpenStreamAsync(
            HttpMethod.Post, "/api/commands/execute/stream", new { command = "echo one; read -r _ < ~/go; echo two >&2; exit 3" }, Cancellation);

        // The second line is not written before the first was seen.
        var first = await NextAsync(stream);
        await RunAsync(tenant, "echo > ~/go");
        var rest = new List<JsonElement>();
        while (rest.LastOrDefault() is var last && (last.ValueKind == JsonValueKind.Undefined || last.GetProperty("type").GetString() != "exit"))
            rest.Add(await NextAsync(stream));

        Assert.Equal("text/event-stream", stream.ContentType);
        Assert.Equal("""{"type":"stdout","content":"one\n"}""", first.GetRawText());
        Assert.Equal(3, rest[^1].GetProperty("exitCode").GetInt32());
        Assert.Equal(["type", "exitCode", "timedOut", "truncated", "durationMs"], rest[^1].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_client_that_leaves_its_stream_ends_the_command()
    {
        using var tenant = await NewTenantAsync();
        var mark = MarkedProcesses.NewMark();
        var stream = await tenant.Client.OpenStreamAsync(
            HttpMethod.Post, "/api/commands/execute/stream", new { command = $"echo begun; exec -a {mark} sleep 1000", timeout = 600_000 }, Cancellation);
        await NextAsync(stream);
        await MarkedProcesses.ThereAsync(mark, Cancellation);

        await stream.DisposeAsync();

        await MarkedProcesses.GoneAsync(mark, Cancellation);
    }

    [Fact]
    public async Task A_command_in_the_background_is_looked_at_and_killed()
    {
        using var tenant = await NewTenantAsync();
        var mark = MarkedProcesses.NewMark();

        var started = await tenant.Client.PostAsync(
            "/api/commands/execute", new { command = $"echo begun; exec -a {mark} sleep 1000", background = true, timeout = 600_000 }, Cancellation);
        var id = started.Text("commandId")!;
        ApiResponse running;
        do
        {
            running = await tenant.Client.GetAsync($"/api/commands/{id}", Cancellation);
        }
        while (running.Text("stdout") != "begun\n");
        var killed = await tenant.Client.DeleteAsync($"/api/commands/{id}", Cancellation);
        var after = await tenant.Client.GetAsync($"/api/commands/{id}", Cancellation);

        Assert.Equal((201, $"/api/commands/{id}"), (started.Status, started.Header("Location")));
        Assert.Equal($$"""{"commandId":"{{id}}","status":"running","stdout":"begun\n","stderr":"","exitCode":null}""", running.Body);
        Assert.Equal($$"""{"commandId":"{{id}}","status":"deleted"}""", killed.Body);
        Assert.Equal(("exited", 137, "cancelled"), (after.Text("status"), after.Json.GetProperty("exitCode").GetInt32(), after.Text("killed")));
        Assert.Equal(0, MarkedProcesses.Count(mark));
        ErrorAssert.IsNotFound(await tenant.Client.GetAsync("/api/commands/cmd-0123", Cancellation));
    }

    [Fact]
    public async Task Commands_beyond_the_limit_wait_for_one_to_end()
    {
        using var tenant = await NewTenantAsync();
        SessionCalls.Require(
            await tenant.Admin.PutAsync($"/api/admin/tenants/{tenant.TenantId}/limits", new { concurrentCommands = 1 }, Cancellation), 200);

        var runs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => RunAsync(
            tenant, "[ -e ~/running ] && echo together; touch ~/running; sleep 0.2; rm ~/running")));

        Assert.All(runs, run => Assert.Equal("", run.Text("stdout")));
    }

    [Theory]
    [InlineData("""{}""", "command")]
    [InlineData("""{"command":" "}""", "command")]
    [InlineData("""{"command":5}""", "command")]
    [InlineData("""{"command":"a\u0000b"}""", "command")]
    [InlineData("""{"command":"ls","timeout":0}""", "timeout")]
    [InlineData("""{"command":"ls","timeout":600001}""", "timeout")]
    [InlineData("""{"command":"ls","timeout":"1"}""", "timeout")]
    [InlineData("""{"command":"ls","background":"yes"}""", "background")]
    [InlineData("""{"command":"ls","cwd":"/nothing"}""", "cwd")]
    [InlineData("""{"command":"ls","cwd":"Projects"}""", "cwd")]
    [InlineData("""{"command":"ls","cwd":"/../etc"}""", "cwd")]
    [InlineData("""{"command":"ls","cwd":"/file.txt"}""", "cwd")]
    public async Task A_body_that_cannot_be_run_says_what_to_change(string body, string field)
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant, "/file.txt", "x");

        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/commands/execute", body, Cancellation), field);
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/commands/execute/stream", body, Cancellation), field);
    }

    [Fact]
    public async Task Running_needs_the_scope_execute()
    {
        using var tenant = await NewTenantAsync();
        var (_, key) = await tenant.CreateKeyAsync(["read", "write"], Cancellation);
        using var client = tenant.ClientWith(key);

        ErrorAssert.IsForbidden(await client.PostAsync("/api/commands/execute", new { command = "ls" }, Cancellation));
        ErrorAssert.IsForbidden(await client.PostAsync("/api/commands/execute/stream", new { command = "ls" }, Cancellation));
        ErrorAssert.IsForbidden(await client.DeleteAsync("/api/commands/cmd-1", Cancellation));
    }

    [Fact]
    public async Task A_command_under_a_key_is_run_once()
    {
        using var tenant = await NewTenantAsync();
        var body = new { command = "echo x >> ~/log; wc -l < ~/log" };

        var first = await tenant.Client.PostAsync("/api/commands/execute", body, Cancellation, ("Idempotency-Key", "c1"));
        var again = await tenant.Client.PostAsync("/api/commands/execute", body, Cancellation, ("Idempotency-Key", "c1"));

        Assert.Equal("1\n", first.Text("stdout"));
        Assert.Equal(first.Body, again.Body);
    }

    private static async Task<ApiResponse> RunAsync(TestTenant tenant, string command, string cwd = "/", int timeout = 30_000)
    {
        var run = await tenant.Client.PostAsync("/api/commands/execute", new { command, cwd, timeout }, Cancellation);
        SessionCalls.Require(run, 200);
        return run;
    }

    private static async Task WriteAsync(TestTenant tenant, string path, string content) =>
        SessionCalls.Require(await tenant.Client.PostAsync("/api/files/write", new { path, content }, Cancellation), 200);

    private static async Task<JsonElement> NextAsync(ApiStream stream)
    {
        while (await stream.ReadAsync(Cancellation) is { } next)
        {
            if (next.Comment is null)
                return JsonElement.Parse(next.Data!);
        }

        throw new EndOfStreamException("The stream ended before the awaited event.");
    }
}
