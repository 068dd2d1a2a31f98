using System.Globalization;
using System.Text;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Skills.Running.Server;

/// <summary>
/// <c>report-generator</c>'s action: what the tenant did in a period, as Markdown in its workspace. Everything is read through what
/// callers read, in pages, and listed up to a number.
/// </summary>
internal sealed class ReportAction(IGrainFactory grains, IMemoryStore memory, TimeProvider time) : IServerAction
{
    private const int PageSize = 200;
    private const int MaxPages = 50;
    private const int MaxListed = 50;
    private const int MaxFiles = 1000;

    public string Name => "report";

    public async Task<SkillOutcome> RunAsync(SkillExecution execution, CancellationToken cancellationToken)
    {
        if (!execution.Scopes.HasFlag(Scopes.Read | Scopes.Write))
            return SkillOutcome.Failure(new LocalizedText("a report reads and writes: it needs a key with the scopes read and write", "生成报告需要读写权限,请使用具有 read 和 write 权限的密钥"));
        if (ReportPeriod.Read(execution.Parameters, time.GetUtcNow(), out var period) is { } objection) return SkillOutcome.Failure(SkillReasons.Text(objection));
        var path = execution.Parameters.TryGetProperty("path", out var given) ? given.GetString()! : period.DefaultPath;

        var sessions = await FindSessionsAsync(execution.Tenant, period, cancellationToken);
        var usage = await grains.GetTenantDirectory(new TenantKey(execution.Tenant)).ListUsage(
            DateOnly.FromDateTime(period.From.UtcDateTime), DateOnly.FromDateTime(period.To.AddTicks(-1).UtcDateTime), cancellationToken);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Report\n\nPeriod: {period}\n");
        AddSessions(text, sessions);
        AddUsage(text, usage);
        var memories = await memory.MeasureAsync(execution.Tenant, cancellationToken);
        text.Append(CultureInfo.InvariantCulture, $"\n## Memory\n\n{memories.Entries} entries in {memories.Namespaces} namespaces, {memories.Bytes} bytes.\n");
        var executions = await AddSkillsAsync(text, execution.Tenant, period, cancellationToken);
        var files = await AddFilesAsync(text, execution.Tenant, period, cancellationToken);

        var written = await grains.GetWorkspace(new WorkspaceKey(execution.Tenant)).Write(
            new WriteFile { Path = path, Content = Encoding.UTF8.GetBytes(text.ToString()) }, CancellationToken.None);
        if (written.Problem is { } problem) return SkillOutcome.Failure(problem.Reason ?? Reasons.Unexpected);
        return SkillOutcome.Success(new JsonPayload(CompactJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("path", written.File!.Path);
            json.WriteString("from", period.From.UtcDateTime);
            json.WriteString("to", period.To.UtcDateTime);
            json.WriteNumber("sessions", sessions.Count);
            json.WriteNumber("turns", usage.Sum(day => day.Turns));
            json.WriteNumber("inputTokens", usage.Sum(day => day.InputTokens));
            json.WriteNumber("outputTokens", usage.Sum(day => day.OutputTokens));
            json.WriteNumber("memories", memories.Entries);
            json.WriteNumber("skillExecutions", executions);
            json.WriteNumber("filesChanged", files);
            json.WriteEndObject();
        })));
    }

    /// <summary>Those that something happened in, of the latest 10,000 of the tenant.</summary>
    private async Task<List<SessionInfo>> FindSessionsAsync(TenantId tenant, ReportPeriod period, CancellationToken cancellationToken)
    {
        var found = new List<SessionInfo>();
        var directory = grains.GetTenantDirectory(new TenantKey(tenant));
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var listed = await directory.ListSessions(PageSize, cursor, cancellationToken);
            found.AddRange(listed.Sessions.Where(session =>
                !SkillSessions.IsExecution(session.SessionId) && (period.Holds(session.CreatedAt) || period.Holds(session.UpdatedAt))));
            cursor = listed.NextCursor;
            if (cursor is null) break;
        }

        return found;
    }

    private static void AddSessions(StringBuilder text, List<SessionInfo> sessions)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## Sessions\n\n{sessions.Count} with something new, {sessions.Sum(session => session.MessageCount)} messages in them in all.\n");
        if (sessions.Count == 0) return;
        text.Append("\n| session | title | messages | tokens | last change |\n| --- | --- | ---: | ---: | --- |\n");
        foreach (var session in sessions.Take(MaxListed))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {session.SessionId} | {Cell(session.Title ?? "")} | {session.MessageCount} | {session.Usage.InputTokens + session.Usage.OutputTokens} | {session.UpdatedAt.UtcDateTime:yyyy-MM-dd HH:mm} |\n");
        }

        AddRest(text, sessions.Count);
    }

    private static void AddUsage(StringBuilder text, IReadOnlyList<UsageInfo> usage)
    {
        text.Append("\n## Usage\n\n");
        if (usage.Count == 0)
        {
            text.Append("No model was used.\n");
            return;
        }

        text.Append("| day (UTC) | model | turns | input tokens | output tokens | cost |\n| --- | --- | ---: | ---: | ---: | ---: |\n");
        foreach (var day in usage)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {day.Day:yyyy-MM-dd} | {Cell(day.Model)} | {day.Turns} | {day.InputTokens} | {day.OutputTokens} | {(day.Cost is { } cost ? cost.ToString("0.####", CultureInfo.InvariantCulture) : "")} |\n");
        }
    }

    private async Task<int> AddSkillsAsync(StringBuilder text, TenantId tenant, ReportPeriod period, CancellationToken cancellationToken)
    {
        var skills = await grains.GetSkillCatalog(new SkillCatalogKey(tenant)).List(cancellationToken);
        text.Append("\n## Skills\n\n| skill | version | enabled | executions in the period |\n| --- | --- | --- | ---: |\n");
        var all = 0;
        foreach (var skill in skills)
        {
            var (counted, isAll) = await CountRunsAsync(new SkillKey(tenant, skill.Name), period, cancellationToken);
            all += counted;
            var atLeast = isAll ? "" : "+";
            text.Append(CultureInfo.InvariantCulture, $"| {skill.Name} | {Cell(skill.Version)} | {(skill.Enabled ? "yes" : "no")} | {counted}{atLeast} |\n");
        }

        return all;
    }

    private async Task<(int Count, bool IsAll)> CountRunsAsync(SkillKey skill, ReportPeriod period, CancellationToken cancellationToken)
    {
        var count = 0;
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var listed = await grains.GetSkill(skill).ListRuns(PageSize, cursor, cancellationToken);
            count += listed.Runs.Count(run => period.Holds(run.StartedAt));
            cursor = listed.NextCursor;
            if (cursor is null || listed.Runs[^1].StartedAt < period.From) return (count, true);
        }

        return (count, false);
    }

    private async Task<int> AddFilesAsync(StringBuilder text, TenantId tenant, ReportPeriod period, CancellationToken cancellationToken)
    {
        var found = await grains.GetWorkspace(new WorkspaceKey(tenant)).Search(new SearchFiles { Path = "/", Pattern = "*", Limit = MaxFiles }, cancellationToken);
        var changed = found.Files.Where(hit => period.Holds(hit.File.ModifiedAt)).OrderByDescending(hit => hit.File.ModifiedAt).ToList();
        text.Append(CultureInfo.InvariantCulture, $"\n## Files\n\n{changed.Count} changed{(found.NextCursor is null && !found.Truncated ? "" : $", of the first {MaxFiles} by path")}.\n");
        if (changed.Count > 0) text.Append("\n| file | bytes | changed |\n| --- | ---: | --- |\n");
        foreach (var hit in changed.Take(MaxListed))
            text.Append(CultureInfo.InvariantCulture, $"| {Cell(hit.File.Path)} | {hit.File.Size} | {hit.File.ModifiedAt.UtcDateTime:yyyy-MM-dd HH:mm} |\n");
        AddRest(text, changed.Count);
        return changed.Count;
    }

    private static void AddRest(StringBuilder text, int count)
    {
        if (count > MaxListed) text.Append(CultureInfo.InvariantCulture, $"\n... and {count - MaxListed} more.\n");
    }

    /// <summary>What somebody else wrote, on one line of a table.</summary>
    private static string Cell(string text) => WholeCharacters.Of(text, 120).ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
