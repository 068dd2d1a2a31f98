using OpenClaw.Grains.Webhooks;

namespace OpenClaw.Grains.Tests.Webhooks;

public sealed class RetryScheduleTests
{
    [Fact]
    public void Eight_attempts_are_made_after_5_s_30_s_2_min_10_min_1_h_6_h_and_24_h() => Assert.Equal(
        [5, 30, 120, 600, 3600, 21_600, 86_400, null],
        Enumerable.Range(1, RetrySchedule.MaxAttempts).Select(attempts => RetrySchedule.WaitAfter(attempts, 0.5)?.TotalSeconds));

    [Theory]
    [InlineData(0, 4.5)]
    [InlineData(1, 5.5)]
    public void A_wait_is_a_tenth_shorter_or_longer(double random, double seconds) =>
        Assert.Equal(seconds, RetrySchedule.WaitAfter(1, random)!.Value.TotalSeconds, 6);
}
