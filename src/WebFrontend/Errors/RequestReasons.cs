using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.WebFrontend.Errors;

/// <summary>What the front-end asks a caller to change: the reasons that concern HTTP and JSON, beside the grains' own <see cref="Reasons"/>.</summary>
internal static class RequestReasons
{
    public static LocalizedText KeyMissing { get; } = new(
        "send a valid API key as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'",
        "请通过 'Authorization: Bearer <key>' 或 'X-API-Key: <key>' 提供有效的 API 密钥");

    public static LocalizedText AdminOnly { get; } = new(
        "needs a key of the tenant 'default' with the scope 'admin'", "需要租户 default 的、具有 admin 权限的密钥");

    public static LocalizedText UnknownRoute { get; } = new("no such route; see /docs", "没有此接口,请参阅 /docs");

    public static LocalizedText UnknownMethod { get; } = new(
        "this route does not take this method; the Allow header lists those it takes", "该接口不支持此方法,支持的方法见 Allow 响应头");

    public static LocalizedText BodyTooLarge { get; } = new(
        "the body must not be larger than 10 MiB", "请求体不能超过 10 MiB");

    public static LocalizedText MediaType { get; } = new(
        "send the body as 'Content-Type: application/json' in UTF-8", "请以 'Content-Type: application/json'(UTF-8)发送请求体");

    public static LocalizedText BadHttp { get; } = new("the HTTP request could not be read", "无法读取该 HTTP 请求");

    public static LocalizedText TooSlow { get; } = new("the request came too slowly; send it again", "请求发送过慢,请重新发送");

    public static LocalizedText UrlTooLong { get; } = new("the URL is too long; shorten it", "URL 过长,请缩短");

    public static LocalizedText HeadersTooLarge { get; } = new(
        "the headers are too many or too large; send fewer or shorter ones", "请求头过多或过大,请精简");

    public static LocalizedText NotUtf8 { get; } = new("the body must be valid UTF-8", "请求体必须是有效的 UTF-8");

    public static LocalizedText LoneSurrogate { get; } = new(
        "must be valid Unicode text; it holds half of a surrogate pair", "必须是有效的 Unicode 文本,其中含有不成对的代理字符");

    public static LocalizedText Name { get; } = new(
        $"must be 1 to {KeyNames.MaxLength} of A-Z, a-z, 0-9, '.', '_' and '-'",
        $"必须是 1 到 {KeyNames.MaxLength} 个字符,仅限 A-Z、a-z、0-9、“.”、“_”和“-”");

    public static LocalizedText JsonLines { get; } = new(
        "send one JSON object a line, as 'Content-Type: application/x-ndjson' in UTF-8", "请以 'Content-Type: application/x-ndjson'(UTF-8)发送,每行一个 JSON 对象");

    public static LocalizedText NoBrowser { get; } = new(
        "no page is open in this session", "该会话没有已打开的页面");

    public static LocalizedText CommandNotFound { get; } = new(
        "no such command; commands are forgotten 10 minutes after their end, and with the server that ran them",
        "命令不存在;命令结束 10 分钟后或执行它的服务器停止后即不再保留");

    public static LocalizedText CommandLost { get; } = new(
        "the server that ran the command has stopped, and the command with it; check what it did before you run it again",
        "执行该命令的服务器已停止,命令也随之终止,重新执行前请先确认其影响");

    public static LocalizedText SkillRunLost { get; } = new(
        "the server that executed the skill has stopped, and the execution with it; check what it did before you execute it again",
        "执行该技能的服务器已停止,执行也随之中断,重新执行前请先确认其影响");

    public static LocalizedText SkillName { get; } = new(
        "must be 1 to 64 of a-z, 0-9 and -, and begin and end with a letter or digit", "必须由 1 到 64 个 a-z、0-9 或 - 组成,且以字母或数字开头和结尾");

    public static LocalizedText Version { get; } = new(
        "must be 1 to 64 of A-Z, a-z, 0-9 and . + _ -, and begin with a letter or digit", "必须由 1 到 64 个字母、数字或 . + _ - 组成,且以字母或数字开头");

    public static LocalizedText SecretName { get; } = new(
        "must hold names of 1 to 64 of A-Z, a-z, 0-9 and _ that begin with a letter, and none that a shell keeps for itself (UID, PPID, OPTIND, ...)", "其中的名称必须由 1 到 64 个 A-Z、a-z、0-9 或 _ 组成,以字母开头,且不能是 shell 保留的名称(UID、PPID、OPTIND 等)");

    public static LocalizedText ControlCharacter { get; } = new(
        "must hold no line breaks or other control characters", "不能包含换行符或其他控制字符");

    public static LocalizedText Missing { get; } = new("must be given", "必须提供");

    public static LocalizedText Base64 { get; } = new("must be valid Base64 (RFC 4648)", "必须是有效的 Base64(RFC 4648)");

    public static LocalizedText NotText { get; } = new(
        "the file is no UTF-8 text here; read it with encoding=base64 or raw=true", "文件在此处不是 UTF-8 文本,请使用 encoding=base64 或 raw=true 读取");

    public static LocalizedText IdempotencyKeyShape { get; } = new(
        "must be 1 to 255 visible ASCII characters, given once", "必须是 1 到 255 个可见 ASCII 字符,且只能出现一次");

    public static LocalizedText SeqShape { get; } = new(
        "must be the seq of a frame: an integer of 0 or more", "必须是帧的序号:不小于 0 的整数");

    public static LocalizedText TenantNotFound { get; } = new("no such tenant", "租户不存在");

    public static LocalizedText TenantTaken { get; } = new("this tenant id is taken; choose another", "该租户 ID 已被占用,请更换");

    public static LocalizedText TenantBeingRemoved { get; } = new(
        "a deleted tenant with this id is still being removed; choose another id, or try again later",
        "使用该 ID 的租户已被删除,其数据仍在清除中;请更换 ID,或稍后再试");

    public static LocalizedText TenantIdShape { get; } = new(
        "must be 2 to 40 characters: a lower-case letter, then lower-case letters, digits or '-'",
        "必须为 2 到 40 个字符:以小写字母开头,其后为小写字母、数字或“-”");

    public static LocalizedText DefaultTenant { get; } = new(
        "the tenant 'default' holds the operator's keys and cannot be deleted", "租户 default 持有管理员密钥,不能删除");

    public static LocalizedText AmbiguousSession { get; } = new(
        "several tenants have a session of this id; name the one that is meant", "多个租户拥有此 ID 的会话,请指明租户");

    public static LocalizedText KeyNotFound { get; } = new("no such key", "密钥不存在");

    public static LocalizedText TimeInPast { get; } = new("must lie in the future", "必须是将来的时间");

    public static LocalizedText Timeout { get; } = new(
        "the server did not answer in time; look at the session before you send it again", "服务器未能及时响应,重新发送前请先查看会话状态");

    public static LocalizedText Unavailable { get; } = new(
        "the server is not available right now; try again", "服务器暂时不可用,请稍后重试");

    public static LocalizedText Overloaded { get; } = new(
        "the server has no room for new work right now; try again later, running turns go on", "服务器当前负载过高,无法接受新任务,请稍后重试;正在处理的对话不受影响");

    public static LocalizedText ForeignSite { get; } = new(
        "open this page directly, not from another site", "请直接打开此页面,不要从其他网站跳转");

    public static LocalizedText NotReady(string check) => new($"not ready: {check}", $"尚未就绪:{check}");

    public static LocalizedText Scope(string scope) => new(
        $"this key lacks the scope '{scope}'", $"该密钥没有“{scope}”权限");

    public static LocalizedText MalformedJson(long line, long position) => new(
        $"the body is not valid JSON, or is nested deeper than 64 levels (line {line}, byte {position})",
        $"请求体不是有效的 JSON,或嵌套超过 64 层(第 {line} 行,第 {position} 字节)");

    public static LocalizedText Expected(JsonKind expected, JsonKind actual) => new(
        $"must be {English(expected)}, not {English(actual)}", $"必须是{Chinese(expected)},而不是{Chinese(actual)}");

    public static LocalizedText ToolPattern { get; } = new(
        "must be a tool's name: letters, digits, _ and -, with * for any characters", "必须是工具名称:字母、数字、_ 和 -,可用 * 匹配任意字符");

    public static LocalizedText OneOf(string values) => new($"must be one of: {values}", $"必须是以下之一:{values}");

    public static LocalizedText IntegerRange(long least, long most) => new(
        $"must be an integer from {least} to {most}", $"必须是 {least} 到 {most} 之间的整数");

    public static LocalizedText NumberRange(decimal least, decimal most) => new(
        $"must be a number from {least} to {most}", $"必须是 {least} 到 {most} 之间的数");

    public static LocalizedText TooManyCharacters(int limit) => new(
        $"must not be longer than {limit} characters", $"长度不能超过 {limit} 个字符");

    public static LocalizedText TooManyBytes(int limit) => new(
        $"must not be longer than {limit} bytes of UTF-8", $"长度不能超过 {limit} 字节(UTF-8)");

    public static LocalizedText TooMany(int limit) => new($"must not hold more than {limit} items", $"不能超过 {limit} 项");

    public static LocalizedText Time { get; } = new(
        "must be an ISO 8601 time with an offset, such as 2026-03-01T00:00:00Z", "必须是带时区的 ISO 8601 时间,例如 2026-03-01T00:00:00Z");

    public static LocalizedText Day { get; } = new("must be a day, such as 2026-03-01", "必须是日期,例如 2026-03-01");

    public static LocalizedText DayOrder { get; } = new("must not lie before 'from'", "不能早于 from");

    public static LocalizedText DayRange(int days) => new(
        $"must lie at most {days} days after 'from'", $"与 from 的间隔不能超过 {days} 天");

    private static string English(JsonKind kind) => kind switch
    {
        JsonKind.Object => "an object",
        JsonKind.Array => "an array",
        JsonKind.String => "a string",
        JsonKind.Number => "a number",
        JsonKind.Boolean => "a boolean",
        _ => "null",
    };

    private static string Chinese(JsonKind kind) => kind switch
    {
        JsonKind.Object => "对象",
        JsonKind.Array => "数组",
        JsonKind.String => "字符串",
        JsonKind.Number => "数字",
        JsonKind.Boolean => "布尔值",
        _ => " null",
    };
}
