using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Tasks.Schedules;

namespace OpenClaw.Grains.Tests.Tasks;

/// <summary>What becomes of slots that were missed, of runs that meet, and of attempts that fail.</summary>
public sealed class TaskRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A slot each minute.</summary>
    private static readonly ISchedule Minutes = new IntervalSchedule(Noon.AddDays(-10), TimeSpan.FromMinutes(1));

    [Theory]
    [InlineData(TaskMisfire.Once)]
    [InlineData(TaskMisfire.Skip)]
    [InlineData(TaskMisfire.All)]
    public void A_slot_that_is_a_minute_late_runs_whatever_the_rule(TaskMisfire rule) =>
        Assert.Equal([Noon], MisfireRules.Choose(Minutes, rule, Noon.AddMinutes(-1), Noon.AddMilliseconds(59_999)));

    [Fact]
    public void Of_the_missed_slots_the_latest_runs_and_those_in_time() => Assert.Equal(
        [Noon.AddMinutes(-2), Noon.AddMinutes(-1), Noon],
        MisfireRules.Choose(Minutes, TaskMisfire.Once, Noon.AddHours(-3), Noon));

    [Fact]
    public void With_skip_no_missed_slot_runs() => Assert.Equal(
        [Noon.AddMinutes(-1), Noon],
        MisfireRules.Choose(Minutes, TaskMisfire.Skip, Noon.AddHours(-3), Noon));

    [Fact]
    public void With_all_the_latest_hundred_missed_slots_run_the_oldest_first()
    {
        var chosen = MisfireRules.Choose(Minutes, TaskMisfire.All, Noon.AddDays(-1), Noon);

        Assert.Equal(Enumerable.Range(0, 102).Select(minute => Noon.AddMinutes(minute - 101)), chosen);
    }

    [Fact]
    public void What_was_handled_is_not_chosen_again() =>
        Assert.Empty(MisfireRules.Choose(Minutes, TaskMisfire.All, Noon, Noon.AddSeconds(30)));

    [Theory]
    [InlineData(TaskOverlap.Skip, 0, 0, TaskRunStatus.Running)]
    [InlineData(TaskOverlap.Skip, 1, 0, TaskRunStatus.Skipped)]
    [InlineData(TaskOverlap.Skip, 0, 1, TaskRunStatus.Skipped)]
    [InlineData(TaskOverlap.Queue, 0, 0, TaskRunStatus.Running)]
    [InlineData(TaskOverlap.Queue, 1, 0, TaskRunStatus.Queued)]
    [InlineData(TaskOverlap.Queue, 1, 99, TaskRunStatus.Queued)]
    [InlineData(TaskOverlap.Queue, 1, 100, TaskRunStatus.Skipped)]
    [InlineData(TaskOverlap.Queue, 0, 1, TaskRunStatus.Queued)]
    [InlineData(TaskOverlap.Parallel, 9, 0, TaskRunStatus.Running)]
    [InlineData(TaskOverlap.Parallel, 10, 0, TaskRunStatus.Queued)]
    [InlineData(TaskOverlap.Parallel, 10, 100, TaskRunStatus.Skipped)]
    public void A_run_begins_waits_or_is_passed_over(TaskOverlap rule, int running, int waiting, TaskRunStatus expected) =>
        Assert.Equal(expected, OverlapRules.Decide(rule, running, waiting));

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(3, 300)]
    [InlineData(4, 900)]
    [InlineData(5, 3600)]
    public void Attempts_follow_at_growing_distances(int attempt, int seconds) =>
        Assert.Equal(Noon.AddSeconds(seconds), RetryRules.NextAttempt(attempt, 5, Noon, null));

    [Fact]
    public void There_are_no_more_attempts_than_were_asked_for()
    {
        Assert.Null(RetryRules.NextAttempt(6, 5, Noon, null));
        Assert.Null(RetryRules.NextAttempt(1, 0, Noon, null));
        Assert.Null(RetryRules.NextAttempt(3, 2, Noon, null));
    }

    [Theory]
    [InlineData(30, false)]
    [InlineData(29, false)]
    [InlineData(31, true)]
    public void The_next_slot_is_the_next_try_where_it_comes_first(int nextSlot, bool isRepeated) =>
        Assert.Equal(isRepeated, RetryRules.NextAttempt(1, 5, Noon, Noon.AddSeconds(nextSlot)) is not null);
}
