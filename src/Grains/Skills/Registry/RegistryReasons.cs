using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Skills.Registry;

/// <summary>Why a skill is not installed from the registry.</summary>
internal static class RegistryReasons
{
    public static LocalizedText NoSkill { get; } = new(
        "no skill of that name in the registry; check its spelling, and its owner", "注册表中没有该名称的技能,请检查名称及所有者");

    public static LocalizedText NoVersion { get; } = new(
        "the skill has no such version in the registry; leave it out to take the latest", "注册表中没有该技能的此版本,省略该字段即可安装最新版本");

    public static LocalizedText TakenBack { get; } = new(
        "was taken back by its publisher or by the registry; choose another skill", "已被发布者或注册表撤回,请选择其他技能");

    public static LocalizedText Malware { get; } = new(
        "the registry takes this skill for malware; it is not installed", "注册表认定该技能为恶意软件,不予安装");

    public static LocalizedText Suspicious { get; } = new(
        "the registry takes this skill for suspicious; read its page in the registry, and send \"force\": true to install it all the same",
        "注册表认为该技能可疑,请先查看其在注册表中的页面,确认后以 \"force\": true 重新发送");

    public static LocalizedText Locked { get; } = new(
        "the registry does not give this skill out at present; see its page in the registry", "注册表目前不提供该技能,请查看其在注册表中的页面");

    public static LocalizedText GitHub { get; } = new(
        "is served from GitHub, and such skills cannot be installed; put its folder into the workspace and install it as a file",
        "该技能由 GitHub 提供,无法直接安装,请将其文件夹放入工作区后以文件方式安装");

    public static LocalizedText TooLarge { get; } = new(
        "the skill's archive is larger than 50 MiB; choose another skill", "技能压缩包超过 50 MiB,请选择其他技能");

    public static LocalizedText NoArchive { get; } = new(
        "the registry answered with something else than a zip archive; nothing was installed", "注册表返回的不是 zip 压缩包,未安装任何内容");

    public static LocalizedText Cut { get; } = new(
        "the registry's archive ended early; nothing was installed, try again", "注册表的压缩包传输中断,未安装任何内容,请重试");

    public static LocalizedText Mismatch { get; } = new(
        "the files do not match what the registry says of this version; nothing was installed", "文件与注册表中该版本的记录不符,未安装任何内容");

    public static LocalizedText Unproven { get; } = new(
        "the registry does not say what the files of this version have to be; nothing was installed", "注册表未提供该版本文件的校验信息,未安装任何内容");

    public static LocalizedText Misunderstood { get; } = new("the registry's answer cannot be understood", "无法理解注册表的响应");

    public static LocalizedText Unreachable { get; } = new(
        "the skill registry cannot be reached; try again later", "无法连接技能注册表,请稍后重试");

    public static LocalizedText Slow { get; } = new(
        "the skill registry does not answer in time; try again later", "技能注册表响应超时,请稍后重试");

    public static LocalizedText Busy { get; } = new(
        "the skill registry takes no more requests at present; try again later", "技能注册表暂不接受更多请求,请稍后重试");

    public static LocalizedText Denied { get; } = new(
        "the skill registry refuses this server; the operator has to check OpenClaw__Skills__Registry__Token",
        "技能注册表拒绝了本服务器,请管理员检查 OpenClaw__Skills__Registry__Token");

    public static LocalizedText Misled { get; } = new(
        "the skill registry leads to an address that may not be followed; nothing was installed", "技能注册表指向了不允许访问的地址,未安装任何内容");
}
