using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Tasks.Schedules;

namespace OpenClaw.Grains.Tasks;

/// <summary>What callers of tasks are asked to change, and what they are told of runs.</summary>
public static class TaskReasons
{
    private const string Examples = "\"0 9 * * *\", \"@daily\", {\"at\": \"2026-03-01T09:00:00Z\"}, {\"everySeconds\": 30}";

    public static LocalizedText NotFound { get; } = new("no such task; it may have been deleted", "任务不存在或已被删除");

    public static LocalizedText ScheduleShape { get; } = new(
        $"must be a cron expression, or an object with either at or everySeconds, such as {Examples}",
        $"必须是 cron 表达式,或仅包含 at 或 everySeconds 之一的对象,例如 {Examples}");

    public static LocalizedText CronTooLong { get; } = new(
        $"must not be longer than {TaskSchedule.MaxCronLength} characters", $"长度不能超过 {TaskSchedule.MaxCronLength} 个字符");

    public static LocalizedText EverySeconds { get; } = new(
        $"must be an integer from 1 to {TaskSchedule.MaxSeconds}", $"必须是 1 到 {TaskSchedule.MaxSeconds} 之间的整数");

    public static LocalizedText InPast { get; } = new("must lie in the future", "必须是将来的时间");

    public static LocalizedText NeverFires { get; } = new("this expression names no time that ever comes", "该表达式不会匹配任何时间");

    public static LocalizedText UnknownZone { get; } = new(
        "must be the IANA name of a time zone, such as Europe/Berlin", "必须是 IANA 时区名称,例如 Asia/Shanghai");

    public static LocalizedText ModelWithSession { get; } = new(
        "a conversation that is there has its model already; leave one of sessionId and model out", "已有会话使用其自身的模型,请勿同时提供 sessionId 和 model");

    public static LocalizedText UnderWay { get; } = new(
        "a run of the task is under way, and its overlap rule lets no other begin; wait for it, or change overlap to queue or parallel",
        "该任务正在运行,且其 overlap 策略不允许同时运行,请等待,或将 overlap 改为 queue 或 parallel");

    public static LocalizedText QueueFull { get; } = new(
        $"{OverlapRules.MostWaiting} runs of the task wait already; wait until some have ended", $"该任务已有 {OverlapRules.MostWaiting} 次运行在等待,请稍后再试");

    public static LocalizedText Skipped { get; } = new("a run before it was under way", "前一次运行尚未结束");

    public static LocalizedText Cancelled { get; } = new("it was cancelled", "已取消");

    public static LocalizedText Interrupted { get; } = new(
        "the server that ran it has stopped; it may have taken effect", "执行它的服务器已停止,可能已产生影响");

    public static LocalizedText KeyGone { get; } = new(
        "the API key that the task belongs to was deleted or has expired; resume the task with another", "任务所属的 API 密钥已删除或过期,请使用其他密钥恢复该任务");

    public static LocalizedText TooManyTasks(int most) => new(
        $"the tenant has {most} tasks already; delete some, or the operator raises OpenClaw:Tasks:MaxTasks",
        $"租户已有 {most} 个任务,请删除一些,或请管理员提高 OpenClaw:Tasks:MaxTasks");

    public static LocalizedText Cron(string why) => new(
        $"must be a cron expression of 5 or 6 fields, such as \"0 9 * * *\", or a name such as @daily: {why}",
        $"必须是 5 或 6 个字段的 cron 表达式(例如 \"0 9 * * *\")或 @daily 之类的名称:{why}");

    public static LocalizedText Scope(string scope) => new($"this key lacks the scope '{scope}', which the task's action needs", $"该密钥没有任务动作所需的“{scope}”权限");

    public static LocalizedText SkillMissing(string skill) => new(
        $"the skill '{skill}' is not installed, or not enabled; runs fail until it is", $"技能“{skill}”未安装或未启用,在此之前任务运行将失败");

    public static LocalizedText SkillActionMissing(string skill, string action) => new(
        $"the skill '{skill}' has no action '{action}'; runs fail until it has", $"技能“{skill}”没有动作“{action}”,在此之前任务运行将失败");

    public static LocalizedText TimedOut(int milliseconds) => new(
        $"it was ended because its time was over ({milliseconds} ms)", $"执行超过时限({milliseconds} 毫秒),已被终止");

    public static LocalizedText ExitCode(int exitCode) => new($"the command ended with exit code {exitCode}", $"命令以退出码 {exitCode} 结束");

    public static LocalizedText Killed(string why) => new($"the server ended the command: {why}", $"命令已被服务器终止:{why}");

    public static LocalizedText PausedAfter(int failures) => new(
        $"{failures} runs failed in a row; the task is paused until somebody resumes it", $"已连续失败 {failures} 次,任务已暂停,需手动恢复");
}
