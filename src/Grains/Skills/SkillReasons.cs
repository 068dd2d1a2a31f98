using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Skills;

/// <summary>What callers of skills are asked to change, and what they are told of executions.</summary>
internal static class SkillReasons
{
    /// <summary>Of what somebody else says of a failure, in UTF-16 units.</summary>
    private const int MaxSaid = 2000;

    public static LocalizedText Disabled { get; } = new(
        "the skill is disabled; enable it with PATCH /api/skills/:name {\"enabled\": true}", "该技能已停用,可通过 PATCH /api/skills/:name {\"enabled\": true} 启用");

    public static LocalizedText NoBuiltIn(string names) => new(
        $"the server brings no skill of this name; it has {names}", $"服务器没有此名称的内置技能,可用的有 {names}");

    public static LocalizedText OtherVersion(string there) => new($"there is only version {there}", $"仅有版本 {there}");

    public static LocalizedText OtherSource { get; } = new(
        "a skill of this name from another source is installed, which has secrets of its own; uninstall it first", "已安装来自其他来源的同名技能(可能有其专属密钥),请先卸载");

    public static LocalizedText OtherName(string there) => new(
        $"SKILL.md names the skill '{there}'; install it under that name", $"SKILL.md 中的技能名称是“{there}”,请使用该名称安装");

    public static LocalizedText TooManySkills(int most) => new(
        $"the tenant has {most} skills already; uninstall some, or the operator raises OpenClaw:Skills:MaxSkills",
        $"租户已有 {most} 个技能,请卸载一些,或请管理员提高 OpenClaw:Skills:MaxSkills");

    public static LocalizedText TooManyBytes(int most) => new(
        $"the tenant's skills would be larger than {most} MiB; uninstall some (their files go within an hour), or the operator raises OpenClaw:Skills:MaxStorageMiB",
        $"租户的技能总量将超过 {most} MiB,请卸载一些(文件将在一小时内删除),或请管理员提高 OpenClaw:Skills:MaxStorageMiB");

    public static LocalizedText NoTenant { get; } = new("the tenant is being removed", "租户正在被删除");

    public static LocalizedText NotAPackage { get; } = new(
        "must be a folder with a SKILL.md in the workspace, or a .zip of one", "必须是工作区中包含 SKILL.md 的文件夹,或其 .zip 压缩包");

    public static LocalizedText NotFound { get; } = new("there is nothing at this path in the workspace", "工作区中没有该路径");

    public static LocalizedText TooManySecrets { get; } = new("a skill has at most 64 secrets; remove some with null", "一个技能最多有 64 个密钥,可用 null 删除一些");

    public static LocalizedText ActionNeeded(string names) => new($"must name one of the skill's actions: {names}", $"必须是该技能的动作之一:{names}");

    public static LocalizedText NoActions { get; } = new(
        "the skill has no actions yet; its warning at GET /api/skills/:name says why", "该技能尚无可用动作,原因见 GET /api/skills/:name 中的 warning");

    public static LocalizedText FilesGone { get; } = new(
        "the skill's files are not there any more; install it again", "该技能的文件已不存在,请重新安装");

    public static LocalizedText SecretMissing(string skill, string secret) => new(
        $"the skill needs the secret {secret}, which is not set; set it with PUT /api/skills/{skill}/secrets {{\"secrets\": {{\"{secret}\": \"...\"}}}}",
        $"该技能需要密钥 {secret},请通过 PUT /api/skills/{skill}/secrets {{\"secrets\": {{\"{secret}\": \"...\"}}}} 设置");

    public static LocalizedText McpFailed(string why) => new(
        $"its Model Context Protocol server could not be asked for its tools: {why}", $"无法从其 Model Context Protocol 服务器获取工具:{why}");

    public static LocalizedText McpNeedsExecute { get; } = new(
        "its tools become known when it is installed, or its secrets are set, with a key that has the scope execute: to ask for them is to run it",
        "使用具有 execute 权限的密钥安装或设置密钥后才能获取其工具(获取工具需要运行该技能)");

    public static LocalizedText OtherOwner(string owner) => new(
        $"the skill of this name that is installed is {owner}'s, and has secrets of its own; uninstall it first", $"已安装的同名技能属于 {owner}(可能有其专属密钥),请先卸载");

    public static LocalizedText NoRoom { get; } = new(
        "the server's disk has too little room for skills right now; try again later", "服务器磁盘空间不足,暂时无法安装技能,请稍后重试");

    public static LocalizedText Upgraded { get; } = new(
        "the skill was upgraded meanwhile, and has no such tool any more", "该技能已升级,不再有此工具");

    public static LocalizedText Cancelled { get; } = new("it was cancelled before it began", "尚未开始即已取消");

    public static LocalizedText McpWaits { get; } = new(
        "its tools become known once its secrets are set", "设置密钥后才能获取其工具");

    public static LocalizedText RateLimited(int seconds) => new(
        $"the tenant executes too many skills; try again in {seconds} seconds", $"租户执行技能过于频繁,请在 {seconds} 秒后重试");

    public static LocalizedText Known { get; } = new("an execution with this id was started before", "该标识的执行已经开始过");

    /// <summary>The end of what a program or a server said of its failure.</summary>
    public static string EndOf(string said)
    {
        var text = said.Trim();
        return text.Length <= MaxSaid ? text : "…" + text[^MaxSaid..];
    }

    public static LocalizedText Text(string english) => new(english, english);
}
