using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Models.Calls;

namespace OpenClaw.Grains.Tests.Models;

public sealed class RetryScheduleTests
{
    private static readonly TimeSpan Ample = TimeSpan.FromMinutes(10);

    private readonly RetrySchedule _schedule = new(new ModelOptions());

    [Theory]
    [InlineData(0, 0.0, 500)]
    [InlineData(0, 1.0, 250)]
    [InlineData(1, 0.0, 1000)]
    [InlineData(2, 0.5, 1500)]
    public void Waits_double_and_jitter_takes_up_to_half_of_them(int retry, double jitter, int expected) =>
        Assert.Equal(TimeSpan.FromMilliseconds(expected), _schedule.Next(retry, Failure(FailureKind.Unavailable), Ample, jitter));

    [Fact]
    public void No_wait_is_longer_than_the_longest() => Assert.Equal(
        TimeSpan.FromSeconds(8),
        new RetrySchedule(new ModelOptions { Retries = 20 }).Next(19, Failure(FailureKind.Cut), Ample, 0));

    [Fact]
    public void Retries_are_counted() => Assert.Null(_schedule.Next(3, Failure(FailureKind.Unavailable), Ample, 0));

    [Fact]
    public void A_provider_that_asks_for_time_gets_it() => Assert.Equal(
        TimeSpan.FromSeconds(20),
        _schedule.Next(0, Failure(FailureKind.RateLimited) with { RetryAfter = TimeSpan.FromSeconds(20) }, Ample, 0));

    [Fact]
    public void A_provider_that_asks_for_too_much_time_is_not_asked_again() => Assert.Null(
        _schedule.Next(0, Failure(FailureKind.RateLimited) with { RetryAfter = TimeSpan.FromSeconds(21) }, Ample, 0));

    [Fact]
    public void No_wait_outlasts_the_call() =>
        Assert.Null(_schedule.Next(0, Failure(FailureKind.Unavailable), TimeSpan.FromMilliseconds(400), 0));

    private static ModelFailure Failure(FailureKind kind) => new(kind, Problem.Internal(502, Reasons.Empty));
}
