using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Memory;

namespace OpenClaw.Grains.Memory;

/// <summary>What callers of the memory are asked to change.</summary>
internal static class MemoryReasons
{
    public static LocalizedText NotFound { get; } = new(
        "there is no memory with this key in the namespace; it may have been deleted or have expired", "该命名空间中没有此键的记忆,可能已被删除或已过期");

    public static LocalizedText NothingToUndo { get; } = new(
        "there is no change of this memory that could be undone; a deletion can be for 7 days", "该记忆没有可撤销的更改,删除操作可在 7 天内撤销");

    public static LocalizedText NoTenant { get; } = new("the tenant is being removed", "租户正在被删除");

    public static LocalizedText Changed { get; } = new(
        "the memory is being changed by another server at the same time; try again", "该记忆正被另一台服务器同时修改,请重试");

    public static LocalizedText EmbeddingFailed { get; } = new(
        "the embedding server did not answer, so memories were found by their text alone", "嵌入服务器未响应,本次仅按文本检索");

    public static LocalizedText EmbeddingPending { get; } = new(
        "some memories are not embedded yet, and are found by their text alone", "部分记忆尚未生成向量,暂时仅按文本检索");

    public static LocalizedText Version(long wanted, long there) => new(
        $"the memory is at version {there}, not {wanted}; read it again and decide anew", $"该记忆的当前版本是 {there},不是 {wanted},请重新读取后再决定");

    public static LocalizedText TooManyEntries(long most) => new(
        $"the tenant has {most} memories already; delete some, or the operator raises OpenClaw:Memory:MaxEntries",
        $"租户已有 {most} 条记忆,请删除一些,或请管理员提高 OpenClaw:Memory:MaxEntries");

    public static LocalizedText TooManyNamespaces(long most) => new(
        $"the tenant has {most} memory namespaces already; use one of them, or the operator raises OpenClaw:Memory:MaxNamespaces",
        $"租户已有 {most} 个记忆命名空间,请使用其中之一,或请管理员提高 OpenClaw:Memory:MaxNamespaces");

    public static LocalizedText TooManyBytes(long most) => new(
        $"the tenant's memories would be larger than {most} bytes; delete some, or the operator raises OpenClaw:Memory:MaxBytes",
        $"租户的记忆总量将超过 {most} 字节,请删除一些,或请管理员提高 OpenClaw:Memory:MaxBytes");

    public static Problem NotFoundAt(string field) => Problem.NotFound(field, NotFound);

    public static Problem? Check(string key) =>
        key.Length == 0 ? Problem.Invalid("key", Reasons.Empty)
        : key.Length > MemoryEntry.MaxKeyLength ? Problem.Invalid("key", Reasons.TooLong(MemoryEntry.MaxKeyLength, "characters"))
        : key.Contains('\0') ? Problem.Invalid("key", Reasons.NulCharacter)
        : null;
}
