using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>The reference's example of a task executes <c>report-generator</c> with <c>{}</c>.</summary>
public abstract class ReportTests(DatabaseServers servers) : SkillTest(servers)
{
    public sealed class OnSqlite(Servers servers) : ReportTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : ReportTests(servers.OnPostgres);

    private static async Task<string> TalkAsync(ApiClient client, string title)
    {
        var id = await client.CreateSessionAsync(Cancellation, new { title });
        SessionCalls.Require(await client.SendMessageAsync(id, "hello", Cancellation), 200);
        return id;
    }

    [Fact]
    public async Task A_report_is_written_to_the_workspace()
    {
        using var tenant = await NewTenantAsync();
        using var stranger = await NewTenantAsync();
        var id = await TalkAsync(tenant.Client, "关于灯塔的谈话");
        var foreign = await TalkAsync(stranger.Client, "Another tenant's talk");

        var executed = await TryExecuteAsync(tenant.Client, "report-generator", """{"params":{}}""");

        Assert.True(executed.Status == 200, executed.ToString());
        Assert.Equal(("report-generator", "generate", "succeeded"), (executed.Text("skill"), executed.Text("action"), executed.Text("status")));
        var found = SessionCalls.Require(await tenant.Client.GetAsync("/api/files/search?pattern=*.md&path=/Documents/reports", Cancellation), 200);
        var path = Assert.Single(found.Json.GetProperty("files").EnumerateArray()).GetProperty("path").GetString()!;
        Assert.Matches(@"^/Documents/reports/report-\d{4}-\d\d-\d\d\.md$", path);
        Assert.Contains(path, executed.Body, StringComparison.Ordinal);
        var report = await ReadFileAsync(tenant.Client, path);
        Assert.StartsWith("#", report.TrimStart(), StringComparison.Ordinal);
        Assert.Contains("session", report, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("usage", report, StringComparison.OrdinalIgnoreCase);
        Assert.True(report.Contains("关于灯塔的谈话", StringComparison.Ordinal) || report.Contains(id, StringComparison.Ordinal), report);
        Assert.DoesNotContain("Another tenant", report, StringComparison.Ordinal);
        Assert.DoesNotContain(foreign, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_of_a_period_goes_where_it_is_told()
    {
        using var tenant = await NewTenantAsync();
        var id = await TalkAsync(tenant.Client, "The lighthouse");

        await ResultAsync(tenant.Client, "report-generator", "generate", new { days = 7, path = "/Projects/weekly.md" });
        await ResultAsync(tenant.Client, "report-generator", "generate", new { from = "2001-01-01", to = "2001-01-31", path = "/Projects/old.md" });

        Assert.Matches($"The lighthouse|{id}", await ReadFileAsync(tenant.Client, "/Projects/weekly.md"));
        Assert.DoesNotMatch($"The lighthouse|{id}", await ReadFileAsync(tenant.Client, "/Projects/old.md"));
    }

    [Theory]
    [InlineData("""{"params":{"days":0}}""", "params.days")]
    [InlineData("""{"params":{"days":367}}""", "params.days")]
    [InlineData("""{"params":{"from":"yesterday"}}""", "params.from")]
    [InlineData("""{"params":{"period":"week"}}""", "params.period")]
    public async Task A_period_that_cannot_be_is_refused(string body, string field)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryExecuteAsync(tenant.Client, "report-generator", body), field);
    }

    [Theory]
    [InlineData("/../../etc/report.md")]
    [InlineData("//etc/report.md")]
    [InlineData("Documents/report.md")]
    public async Task A_report_stays_in_the_workspace(string path)
    {
        using var tenant = await NewTenantAsync();

        var executed = await TryExecuteAsync(tenant.Client, "report-generator", new { action = "generate", @params = new { path } });

        Assert.True(executed.Status == 400 || executed.Text("status") == "failed", executed.ToString());
        Assert.Empty((await tenant.Client.GetAsync("/api/files/search?pattern=*.md", Cancellation)).Json.GetProperty("files").EnumerateArray());
    }
}
