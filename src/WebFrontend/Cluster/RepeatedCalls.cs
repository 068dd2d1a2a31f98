using System.Collections.Concurrent;
using System.Reflection;
using OpenClaw.Grains.Abstractions;
using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Cluster;

/// <summary>
/// Repeats a call that got no answer because its silo or its gateway has died, when its method allows that: see
/// <see cref="RepeatableAttribute"/>. What is left without an answer in the end is the caller's to report.
/// </summary>
internal sealed partial class RepeatedCalls(TimeProvider time, ILogger<RepeatedCalls> logger) : IOutgoingGrainCallFilter
{
    /// <summary>In all. A refused connection fails at once, so these span the time in which a dead silo is found out.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<MethodInfo, bool> _repeatable = new();

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.InterfaceMethod is not { } method || !_repeatable.GetOrAdd(method, IsRepeatable))
        {
            await context.Invoke();
            return;
        }

        var begun = time.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            try
            {
                await context.Invoke();
                return;
            }
            catch (Exception exception) when (ExceptionProblems.IsUnanswered(exception) && time.GetElapsedTime(begun) < Patience)
            {
                LogRepeated(logger, context.InterfaceName, method.Name, exception.GetType().Name);
            }

            await Task.Delay(pause, time);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private static bool IsRepeatable(MethodInfo method) => method.IsDefined(typeof(RepeatableAttribute), inherit: false);

    [LoggerMessage(6030, LogLevel.Debug, "{Interface}.{Method} got no answer ({Cause}); calling again")]
    private static partial void LogRepeated(ILogger logger, string @interface, string method, string cause);
}
