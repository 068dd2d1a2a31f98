using Microsoft.Extensions.Logging;

namespace OpenClaw.Grains.Models;

/// <summary>Event ids 3000 to 3099. Never a message's content or a key.</summary>
internal static partial class ModelGatewayLog
{
    [LoggerMessage(3000, LogLevel.Warning, "{Provider} failed ({Kind}); attempt {Attempt} follows in {Delay}")]
    public static partial void Retrying(this ILogger logger, Exception? cause, string provider, string kind, int attempt, TimeSpan delay);

    [LoggerMessage(3001, LogLevel.Warning, "{Provider} failed ({Kind}); the fallback {Fallback} is asked")]
    public static partial void FallingBack(this ILogger logger, Exception? cause, string provider, string kind, string fallback);

    [LoggerMessage(3002, LogLevel.Error, "{Provider} could not be reached too often in a row and is not asked for {Pause}")]
    public static partial void CircuitOpened(this ILogger logger, string provider, TimeSpan pause);

    [LoggerMessage(3004, LogLevel.Error, "{Provider} failed too often in a row with the model {Model}, which is not asked for {Pause}")]
    public static partial void CircuitOpened(this ILogger logger, string provider, string model, TimeSpan pause);

    [LoggerMessage(3003, LogLevel.Warning, "{Provider} failed ({Kind}) and the turn is told so")]
    public static partial void GaveUp(this ILogger logger, Exception? cause, string provider, string kind);
}
