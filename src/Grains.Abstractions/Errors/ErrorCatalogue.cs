namespace OpenClaw.Grains.Abstractions.Errors;

/// <summary>The six codes of the API reference with their messages; the Chinese ones are the reference's, character by character.</summary>
public static class ErrorCatalogue
{
    public static string NameOf(ErrorCode code) => code switch
    {
        ErrorCode.InvalidRequest => "INVALID_REQUEST",
        ErrorCode.Unauthorized => "UNAUTHORIZED",
        ErrorCode.Forbidden => "FORBIDDEN",
        ErrorCode.NotFound => "NOT_FOUND",
        ErrorCode.RateLimited => "RATE_LIMITED",
        _ => "INTERNAL_ERROR",
    };

    public static LocalizedText MessageOf(ErrorCode code) => code switch
    {
        ErrorCode.InvalidRequest => InvalidRequest,
        ErrorCode.Unauthorized => Unauthorized,
        ErrorCode.Forbidden => Forbidden,
        ErrorCode.NotFound => NotFound,
        ErrorCode.RateLimited => RateLimited,
        _ => InternalError,
    };

    private static readonly LocalizedText InvalidRequest = new("Invalid request", "请求参数无效");
    private static readonly LocalizedText Unauthorized = new("Unauthorized", "未授权");
    private static readonly LocalizedText Forbidden = new("Forbidden", "权限不足");
    private static readonly LocalizedText NotFound = new("Not found", "资源不存在");
    private static readonly LocalizedText RateLimited = new("Too many requests, please try again later", "请求频率超限,请稍后重试");
    private static readonly LocalizedText InternalError = new("Internal error", "内部错误");
}
