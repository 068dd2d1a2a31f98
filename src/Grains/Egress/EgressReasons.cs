using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Egress;

/// <summary>Why a URL is refused or not reached.</summary>
public static class EgressReasons
{
    public static LocalizedText NoUrl { get; } = new(
        "must be an absolute http or https URL, such as https://example.com", "必须是完整的 http 或 https 地址,例如 https://example.com");

    public static LocalizedText Credentials { get; } = new(
        "must not hold a user name or password; remove what stands before the @", "不能包含用户名或密码,请去掉 @ 之前的内容");

    public static LocalizedText Refused { get; } = new(
        "leads to a private, loopback, link-local or otherwise refused address; use a public one", "指向私有、回环、链路本地或其他被禁止的地址,请使用公网地址");

    public static LocalizedText NotResolved { get; } = new(
        "names a host that has no address; check its spelling", "其中的主机名无法解析,请检查拼写");

    public static LocalizedText NotConnected { get; } = new(
        "names a host that does not answer on that port; check it or try again later", "其中的主机在该端口没有响应,请检查或稍后重试");
}
