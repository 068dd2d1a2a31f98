using System.Collections.Concurrent;
using System.Reflection;
using Xunit;
using Xunit.v3;

namespace OpenClaw.Testing;

/// <summary>
/// Cancels <c>TestContext.Current.CancellationToken</c> when a test has run for five minutes: it fails and shows where it waited, where
/// it would have held the whole run up for ever. Every test assembly has it.
/// </summary>
public sealed class TestTimeLimitAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly ConcurrentDictionary<string, Timer> Running = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var context = TestContext.Current;
        Running[test.UniqueID] = new Timer(_ => context.CancelCurrentTest(), null, Limit, Timeout.InfiniteTimeSpan);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Running.TryRemove(test.UniqueID, out var timer)) timer.Dispose();
    }
}
