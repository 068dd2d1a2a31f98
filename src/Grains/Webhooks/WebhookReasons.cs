using System.Globalization;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Egress;

namespace OpenClaw.Grains.Webhooks;

/// <summary>Why a webhook is refused, and why a delivery failed.</summary>
internal static class WebhookReasons
{
    public static LocalizedText Secret { get; } = new(
        $"must hold the Base64 of {WebhookSecret.MinKeyBytes} to {WebhookSecret.MaxKeyBytes} bytes behind {WebhookSecret.Prefix}; leave it out and one is made",
        $"{WebhookSecret.Prefix} 之后必须是 {WebhookSecret.MinKeyBytes} 到 {WebhookSecret.MaxKeyBytes} 字节的 Base64;不提供则自动生成");

    public static LocalizedText Disabled { get; } = new(
        "the webhook is disabled, because its receiver answered 410; delete it and create another", "该 Webhook 因接收方返回 410 已被停用,请删除后重新创建");

    public static LocalizedText NotNumbered { get; } = new(
        "the event waits to be delivered; try again later", "事件尚在等待投递,请稍后重试");

    public static LocalizedText TooMany(int most) => new(
        $"the tenant has {most} webhooks, which is the most; delete one first", $"该租户已有 {most} 个 Webhook,达到上限,请先删除不用的 Webhook");

    /// <param name="failure">How it failed.</param>
    /// <param name="status">Of HTTP, where there was an answer.</param>
    public static LocalizedText Of(DeliveryFailure failure, int? status) => failure switch
    {
        DeliveryFailure.Redirected => new(
            Invariant($"the receiver answered {status}, a redirect, which is not followed; create the webhook with the URL it leads to"),
            Invariant($"接收方返回了 {status} 重定向,系统不会跟随重定向,请直接使用目标地址")),
        DeliveryFailure.Gone => new("the receiver answered 410, which disables the webhook", "接收方返回 410,该 Webhook 已被停用"),
        DeliveryFailure.TimedOut => new(
            Invariant($"the receiver took longer than {WebhookSender.Limit.TotalSeconds} s"), Invariant($"接收方未能在 {WebhookSender.Limit.TotalSeconds} 秒内完成响应")),
        DeliveryFailure.Broken => new("the receiver broke off the connection, or does not speak HTTP", "接收方中断了连接,或返回的不是有效的 HTTP 响应"),
        DeliveryFailure.Refused => About(EgressReasons.Refused),
        DeliveryFailure.NotResolved => About(EgressReasons.NotResolved),
        DeliveryFailure.NotConnected => About(EgressReasons.NotConnected),
        DeliveryFailure.Disabled => new("the webhook was disabled before it was sent", "发送之前该 Webhook 已被停用"),
        DeliveryFailure.Forgotten => new("the event is not kept any more", "该事件已不再保留"),
        _ => new(Invariant($"the receiver answered {status}"), Invariant($"接收方返回了状态码 {status}")),
    };

    private static LocalizedText About(LocalizedText reason) => new($"the URL {reason.English}", $"该地址{reason.Chinese}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
