using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Skills;

/// <inheritdoc/>
internal sealed class SkillStore(ISqlDatabase database) : ISkillStore
{
    private const int RemovePiece = 1000;

    public Task AddAsync(TenantId tenant, string name, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.AddSkill, tenant.Value, [SqlValue.Of(tenant.Value), SqlValue.Of(name)], cancellationToken);

    public Task RemoveAsync(TenantId tenant, string name, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.RemoveSkill, tenant.Value, [SqlValue.Of(tenant.Value), SqlValue.Of(name)], cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(TenantId tenant, int limit, CancellationToken cancellationToken) => database.ListAsync(
        Statements.ListSkills, [SqlValue.Of(tenant.Value), SqlValue.Of(limit)], static row => row.GetText(0), cancellationToken);

    public Task BeginRunAsync(SkillRunState run, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.BeginSkillRun,
        run.Tenant.Value,
        [
            .. KeyOf(run), SqlValue.Of(run.Action), SqlValue.Of(run.Version), SqlValue.Of(run.Revision), SqlValue.Of(run.SessionId),
            SqlValue.Of(run.TurnId), SqlValue.Of(run.Status),
        ],
        cancellationToken);

    public Task EndRunAsync(SkillRunState run, OutboxEntry told, CancellationToken cancellationToken) => database.WriteAsync(
        run.Tenant.Value,
        [
            new SqlStep(Statements.EndSkillRun, [.. KeyOf(run), SqlValue.Of(run.FinishedAt), SqlValue.Of(run.Status)]),
            new SqlStep(
                EventStatements.AddToOutbox,
                [
                    SqlValue.Of(run.Tenant.Value), SqlValue.Of(run.SessionId ?? ""), SqlValue.Of(told.EventId), SqlValue.Of(told.Type),
                    SqlValue.Of(run.FinishedAt), SqlValue.Of(told.Payload), SqlValue.Of((long?)null), SqlValue.Of((string?)null),
                ]),
        ],
        cancellationToken);

    public ValueTask<IReadOnlyList<SkillRunState>> ListRunsAsync(
        TenantId tenant, string skill, DateTimeOffset before, string beforeId, int limit, CancellationToken cancellationToken) => database.ListAsync(
        Statements.ListSkillRuns,
        [SqlValue.Of(tenant.Value), SqlValue.Of(skill), SqlValue.Of(before), SqlValue.Of(beforeId), SqlValue.Of(limit)],
        row => new SkillRunState
        {
            Tenant = tenant,
            Skill = skill,
            StartedAt = row.GetTime(0),
            RunId = row.GetText(1),
            Action = row.GetText(2),
            Version = row.GetText(3),
            Revision = row.GetText(4),
            SessionId = row.GetTextOrNull(5),
            TurnId = row.GetTextOrNull(6),
            FinishedAt = row.GetTimeOrNull(7),
            Status = row.GetText(8),
        },
        cancellationToken);

    public Task<int> PurgeRunsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(Statements.PurgeSkillRuns, "", [SqlValue.Of(before), SqlValue.Of(limit)], cancellationToken);

    public async Task<bool> RemoveSomeRunsAsync(TenantId tenant, CancellationToken cancellationToken) => await database.WriteAsync(
        Statements.RemoveTenantSkillRuns, tenant.Value, [SqlValue.Of(tenant.Value), SqlValue.Of(RemovePiece)], cancellationToken) > 0;

    private static SqlValue[] KeyOf(SkillRunState run) =>
        [SqlValue.Of(run.Tenant.Value), SqlValue.Of(run.Skill), SqlValue.Of(run.StartedAt), SqlValue.Of(run.RunId)];
}
