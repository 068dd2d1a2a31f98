namespace OpenClaw.Grains.Abstractions.Errors;

/// <summary>The catalogue of what an error asks its reader to change. One place, so that two routes never word it twice.</summary>
public static class Reasons
{
    /// <summary>The reference's own example: <c>不能为空</c>.</summary>
    public static LocalizedText Empty { get; } = new("must not be empty", "不能为空");

    public static LocalizedText NulCharacter { get; } = new("must not hold the character U+0000", "不能包含字符 U+0000");

    public static LocalizedText AbsolutePath { get; } = new(
        "must be an absolute path in the workspace, such as /Documents/notes.md", "必须是工作区内的绝对路径,例如 /Documents/notes.md");

    public static LocalizedText SessionNotFound { get; } =
        new("no such session; it may have been deleted", "会话不存在或已被删除");

    public static LocalizedText SkillNotFound { get; } = new(
        "there is no skill of this name; GET /api/skills lists those that are installed", "没有此名称的技能,可通过 GET /api/skills 查看已安装的技能");

    public static LocalizedText WebhookNotFound { get; } = new(
        "there is no webhook of this id; GET /api/webhooks lists those there are", "没有此 ID 的 Webhook,可通过 GET /api/webhooks 查看现有的 Webhook");

    public static LocalizedText DeliveryNotFound { get; } = new(
        "there is no delivery of this id; those that ended are kept for 30 days", "没有此 ID 的投递记录;已结束的投递保留 30 天");

    public static LocalizedText UnknownModel(string model) =>
        new($"no configured provider serves the model '{model}'; choose another or configure its provider",
            $"没有已配置的提供方支持模型“{model}”,请更换模型或配置其提供方");

    public static LocalizedText Range(int most) => new($"must be from 1 to {most}", $"必须在 1 到 {most} 之间");

    public static LocalizedText TooLong(int limit, string unit) =>
        new($"must not be longer than {limit} {unit}", $"长度不能超过 {limit} {unit}");

    public static LocalizedText TurnRunning { get; } =
        new("a turn is running in this session; wait for it, cancel it, or send with another overlap rule",
            "该会话正在处理另一条消息,请等待、取消,或使用其他 overlap 策略");

    public static LocalizedText TooManyWaiting(int limit) =>
        new($"{limit} messages are already waiting in this session; wait until some are answered",
            $"该会话已有 {limit} 条消息在等待,请稍后再发");

    public static LocalizedText IdempotencyMismatch { get; } =
        new("this Idempotency-Key was used with another body; use a new key for a new request",
            "该 Idempotency-Key 已用于不同的请求内容,请为新请求使用新的键");

    public static LocalizedText OutcomeUnknown { get; } =
        new("outcome unknown: the server stopped while this request was under way; check its effect before you send it again under a new key",
            "结果未知(outcome unknown):处理该请求时服务器中断,请先确认其影响,再用新的键重新发送");

    public static LocalizedText RequestInProgress { get; } =
        new("the first request with this Idempotency-Key is still under way; ask again with the same key",
            "使用该 Idempotency-Key 的首个请求仍在处理中,请稍后用同一个键重试");

    public static LocalizedText StorageUnavailable { get; } =
        new("the database cannot be written right now; try again", "数据库暂时无法写入,请稍后重试");

    public static LocalizedText TokensSpent { get; } =
        new("the tenant's tokens of this month are spent, or too few are left for this call; they are renewed with the month (UTC), or the operator raises monthlyTokens",
            "租户本月的 token 预算已用完,或余额不足以完成本次调用,将于下月(UTC)重置,也可请管理员提高 monthlyTokens");

    public static LocalizedText CostSpent { get; } =
        new("the tenant's budget of this month is spent, or too little is left for this call; it is renewed with the month (UTC), or the operator raises monthlyCost",
            "租户本月的费用预算已用完,或余额不足以完成本次调用,将于下月(UTC)重置,也可请管理员提高 monthlyCost");

    public static LocalizedText BudgetUnknown { get; } =
        new("the tenant's budget cannot be read right now; try again", "暂时无法读取租户预算,请稍后重试");

    public static LocalizedText SessionExists { get; } =
        new("a session with this id exists already", "该会话标识已存在");

    public static LocalizedText Unexpected { get; } =
        new("something failed unexpectedly; the request id leads to the server's log", "发生意外错误,可凭请求标识在服务器日志中查找原因");

    public static LocalizedText InvalidCursor { get; } =
        new("not a cursor of this list; take nextCursor from an earlier answer as it is", "不是该列表的游标,请原样使用先前响应中的 nextCursor");
}
