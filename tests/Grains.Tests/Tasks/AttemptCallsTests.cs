using OpenClaw.Grains.Tasks.Actions;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Storage;

namespace OpenClaw.Grains.Tests.Tasks;

/// <summary>Calls of an attempt outlast what happens to silos and the database meanwhile.</summary>
public sealed class AttemptCallsTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly SignallingClock _time = new(DateTimeOffset.UnixEpoch);

    public static TheoryData<Exception> Losses { get; } =
    [
        new StorageUnavailableException("away", new IOException()), new TimeoutException(), new OrleansException("No active nodes are compatible"),
        new OperationCanceledException("Message expired before placement could complete."),
    ];

    [Theory]
    [MemberData(nameof(Losses), DisableDiscoveryEnumeration = true)]
    public async Task A_call_that_is_lost_is_made_again(Exception loss)
    {
        var made = 0;
        var calling = new AttemptCalls(_time).AgainAsync(
            () => ++made == 1 ? Task.FromException<string>(loss) : Task.FromResult("answer"), TestContext.Current.CancellationToken);

        await _time.PassAsync(Pause);

        Assert.Equal("answer", await calling);
    }

    [Theory]
    [MemberData(nameof(Losses), DisableDiscoveryEnumeration = true)]
    public async Task Whoever_gives_up_calls_no_more(Exception loss)
    {
        using var given = new CancellationTokenSource();
        var calling = new AttemptCalls(_time).AgainAsync(() => Task.FromException<string>(loss), given.Token);
        await _time.AwaitedAsync(Pause);

        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
    }

    /// <summary>It would be looked for where nothing runs, and taken for what a restart has cut.</summary>
    [Fact]
    public async Task What_the_database_has_kept_from_starting_was_not_started() => await Assert.ThrowsAsync<StorageUnavailableException>(
        () => new AttemptCalls(_time).StartAsync(
            static () => throw new StorageUnavailableException("away", new IOException()), known: null, static () => Assert.Fail("It had begun."), TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_mistake_of_ours_is_not_made_again() => await Assert.ThrowsAsync<InvalidOperationException>(
        () => new AttemptCalls(_time).AgainAsync(() => Task.FromException<string>(new InvalidOperationException()), TestContext.Current.CancellationToken));
}
