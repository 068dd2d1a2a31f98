using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Models.Providers;

namespace OpenClaw.Grains.Models.Calls;

/// <summary>What callers are told of a provider's failures.</summary>
internal static class ModelProblems
{
    public static Problem RefusedModel(string model, string said) => Problem.Invalid("model", new LocalizedText(
        $"the provider refused the model '{model}': {said}", $"提供方拒绝了模型“{model}”：{said}"));

    public static Problem RefusedContent(string said) => Problem.Invalid("content", new LocalizedText(
        $"the provider refused the request: {said}", $"提供方拒绝了该请求：{said}"));

    public static Problem Unauthorized(ModelProvider provider) => Problem.Internal(502, new LocalizedText(
        $"{provider.Title.English} refused the configured key; the operator should check {provider.KeySetting}",
        $"{provider.Title.Chinese} 拒绝了已配置的密钥，请管理员检查 {provider.KeySetting}"));

    public static Problem NotAModelServer(ModelProvider provider, int status) => Problem.Internal(502, new LocalizedText(
        $"{provider.Title.English} answered {status} and not like a model server; the operator should check {provider.AddressSetting}",
        $"{provider.Title.Chinese} 返回了 {status}，不像模型服务器，请管理员检查 {provider.AddressSetting}"));

    public static Problem RateLimited(ModelProvider provider, TimeSpan? retryAfter) => Problem.Internal(503, new LocalizedText(
        $"{provider.Title.English} limits the rate of requests; send the message again later",
        $"{provider.Title.Chinese} 限制了请求频率，请稍后重试"), Seconds(retryAfter));

    public static Problem Unavailable(ModelProvider provider, int status) => Problem.Internal(502, new LocalizedText(
        $"{provider.Title.English} failed with status {status}; send the message again later",
        $"{provider.Title.Chinese} 出错（状态码 {status}），请稍后重试"));

    public static Problem Unreachable(ModelProvider provider) => Problem.Internal(502, new LocalizedText(
        $"{provider.Title.English} cannot be reached; send the message again later",
        $"无法连接 {provider.Title.Chinese}，请稍后重试"));

    public static Problem TimedOut(ModelProvider provider) => Problem.Internal(504, new LocalizedText(
        $"{provider.Title.English} did not answer in time; send the message again later",
        $"{provider.Title.Chinese} 未能及时响应，请稍后重试"));

    public static Problem Cut(ModelProvider provider) => Problem.Internal(502, new LocalizedText(
        $"{provider.Title.English} broke off its answer; send the message again",
        $"{provider.Title.Chinese} 中断了回答，请重试"));

    public static Problem Garbage(ModelProvider provider) => Problem.Internal(502, new LocalizedText(
        $"{provider.Title.English} sent an answer that cannot be understood; send the message again later",
        $"{provider.Title.Chinese} 返回了无法解析的内容，请稍后重试"));

    public static Problem Empty(ModelProvider provider) => Problem.Internal(502, new LocalizedText(
        $"{provider.Title.English} sent an empty answer; send the message again",
        $"{provider.Title.Chinese} 返回了空的回答，请重试"));

    public static Problem CircuitOpen(ModelProvider provider, TimeSpan retryAfter) => Problem.Internal(503, new LocalizedText(
        $"{provider.Title.English} failed repeatedly and is not asked for this model for a while; send the message again later",
        $"{provider.Title.Chinese} 连续出错，暂停调用该模型，请稍后重试"), Seconds(retryAfter));

    private static int? Seconds(TimeSpan? wait) =>
        wait is { } time ? (int)Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, 86_400) : null;
}
