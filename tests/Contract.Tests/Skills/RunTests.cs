using System.Globalization;
using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Skills;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>What was executed can be looked at afterwards.</summary>
public abstract class RunTests(DatabaseServers servers) : SkillTest(servers)
{
    public sealed class OnSqlite(Servers servers) : RunTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : RunTests(servers.OnPostgres);

    private static Task<ServiceDouble> StartServiceAsync() => ServiceDouble.StartAsync(
        request => request.Path == "/fails" ? ServiceDouble.Answer.Of(500, new { }) : ServiceDouble.Answer.Of(200, new { }), Cancellation);

    private static Task<ApiResponse> MakeCallerAsync(ApiClient client, ServiceDouble service) => MakeAsync(
        client, "caller",
        SkillFiles.Actions(
            SkillFiles.ActionOf("one", SkillFiles.Get(service.Address)),
            SkillFiles.ActionOf("two", SkillFiles.Get(service.Address)),
            SkillFiles.ActionOf("fails", SkillFiles.Get(service.Address + "/fails"))));

    private static string Text(JsonElement run, string name) => run.GetProperty(name).GetString()!;

    [Fact]
    public async Task A_skill_that_was_not_executed_has_no_runs()
    {
        using var tenant = await NewTenantAsync();

        var runs = await TryListRunsAsync(tenant.Client, "github");

        Assert.Equal((200, """{"runs":[],"nextCursor":null}"""), (runs.Status, runs.Body));
    }

    [Fact]
    public async Task What_was_executed_is_listed_the_latest_first()
    {
        await using var service = await StartServiceAsync();
        using var tenant = await NewTenantAsync();
        await MakeCallerAsync(tenant.Client, service);
        await ResultAsync(tenant.Client, "caller", "one");
        await FailureAsync(tenant.Client, "caller", "fails");
        await ResultAsync(tenant.Client, "caller", "two");
        // What was refused was not executed.
        ErrorAssert.IsInvalid(await TryExecuteAsync(tenant.Client, "caller", new { action = "none" }), "action");

        var runs = await RunsAsync(tenant.Client, "caller");

        Assert.Equal(["two succeeded", "fails failed", "one succeeded"], runs.Select(run => $"{Text(run, "action")} {Text(run, "status")}"));
        Assert.All(runs, run =>
        {
            Assert.Equal("1.0.0", Text(run, "version"));
            Shape.IsRecentTime(run.GetProperty("startedAt"));
            Shape.IsRecentTime(run.GetProperty("finishedAt"));
            Assert.True(At(run, "finishedAt") >= At(run, "startedAt"), run.GetRawText());
        });
        Assert.Equal(3, runs.Select(run => Text(run, "runId")).Distinct().Count());
        Assert.Equal(runs.Select(run => At(run, "startedAt")).OrderDescending(), runs.Select(run => At(run, "startedAt")));

        static DateTimeOffset At(JsonElement run, string name) =>
            DateTimeOffset.Parse(run.GetProperty(name).GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
    }

    [Fact]
    public async Task Pages_of_runs_are_the_whole_of_them()
    {
        await using var service = await StartServiceAsync();
        using var tenant = await NewTenantAsync();
        await MakeCallerAsync(tenant.Client, service);
        foreach (var action in new[] { "one", "two", "one", "fails", "two" }) await ExecuteAsync(tenant.Client, "caller", action);

        var whole = (await RunsAsync(tenant.Client, "caller")).Select(run => Text(run, "runId")).ToList();

        Assert.Equal(5, whole.Distinct().Count());
        Assert.Equal(whole, (await RunsAsync(tenant.Client, "caller", limit: 2)).Select(run => Text(run, "runId")));
        Assert.Equal(whole, (await RunsAsync(tenant.Client, "caller", limit: 1)).Select(run => Text(run, "runId")));
    }

    [Fact]
    public async Task A_run_that_comes_between_two_pages_moves_none()
    {
        await using var service = await StartServiceAsync();
        using var tenant = await NewTenantAsync();
        await MakeCallerAsync(tenant.Client, service);
        foreach (var action in new[] { "one", "fails", "two" }) await ExecuteAsync(tenant.Client, "caller", action);
        var first = SessionCalls.Require(await TryListRunsAsync(tenant.Client, "caller", "?limit=1"), 200);
        await ExecuteAsync(tenant.Client, "caller", "two");

        var rest = SessionCalls.Require(await TryListRunsAsync(tenant.Client, "caller", $"?limit=10&cursor={Uri.EscapeDataString(first.Text("nextCursor")!)}"), 200);

        Assert.Equal("two", Text(Assert.Single(first.Json.GetProperty("runs").EnumerateArray()), "action"));
        Assert.Equal(["fails", "one"], rest.Json.GetProperty("runs").EnumerateArray().Select(run => Text(run, "action")));
        Assert.Null(rest.Text("nextCursor"));
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=201", "limit")]
    [InlineData("?limit=many", "limit")]
    [InlineData("?cursor=not-a-cursor", "cursor")]
    [InlineData("?cursor=%00", "cursor")]
    public async Task A_page_that_cannot_be_is_refused(string query, string field)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryListRunsAsync(tenant.Client, "github", query), field);
    }

    [Fact]
    public async Task A_run_tells_the_version_that_was_executed()
    {
        await using var service = await StartServiceAsync();
        using var tenant = await NewTenantAsync();
        await MakeCallerAsync(tenant.Client, service);
        await ExecuteAsync(tenant.Client, "caller", "one");
        await WriteAsync(tenant.Client, "caller", ("SKILL.md", SkillFiles.Manifest("caller", "2.0.0")));
        SessionCalls.Require(await TryInstallFolderAsync(tenant.Client, "caller"), 200);
        await ExecuteAsync(tenant.Client, "caller", "one");

        Assert.Equal(["2.0.0", "1.0.0"], (await RunsAsync(tenant.Client, "caller")).Select(run => Text(run, "version")));
    }
}
