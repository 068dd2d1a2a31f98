using System.IO.Pipelines;
using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Commands;
using OpenClaw.Grains.Tests.Cluster;

namespace OpenClaw.Grains.Tests.Commands;

/// <summary>How a command is read and ended, with a process that the test plays.</summary>
public sealed class RunningCommandTests
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly SignallingClock _time = new(DateTimeOffset.UnixEpoch);
    private readonly PlayedProcess _process = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Text_is_read_in_whole_characters_and_what_is_none_is_replaced()
    {
        var command = Start();
        await _process.Out.Writer.WriteAsync("会"u8.ToArray().AsMemory(0, 2), Cancellation);
        await _process.Out.Writer.WriteAsync("会"u8.ToArray().AsMemory(2), Cancellation);
        await _process.Out.Writer.WriteAsync(new byte[] { 0xff, (byte)'x', 0xe4 }, Cancellation);
        _process.End(0);

        Assert.Equal("会\ufffdx\ufffd", TextOf(await AllAsync(command), isError: false));
    }

    [Fact]
    public async Task Each_output_ends_at_its_limit_and_the_program_is_read_on()
    {
        var command = Start();
        var megabytes = new byte[3 * CommandOutput.MaxBytes];
        megabytes.AsSpan().Fill((byte)'x');
        await _process.Out.Writer.WriteAsync(megabytes, Cancellation);
        await _process.Error.Writer.WriteAsync("e"u8.ToArray(), Cancellation);
        _process.End(3);

        var pieces = await AllAsync(command);
        var exit = await command.Ended;

        Assert.Equal((CommandOutput.MaxBytes, "e"), (TextOf(pieces, isError: false).Length, TextOf(pieces, isError: true)));
        Assert.Equal((3, true, false), (exit.ExitCode, exit.Truncated, exit.TimedOut));
    }

    [Fact]
    public async Task At_its_times_end_it_is_killed_and_says_so()
    {
        var command = Start();
        await PassTenSecondsAsync();

        var exit = await command.Ended;

        Assert.Equal((124, true, (string?)null), (exit.ExitCode, exit.TimedOut, exit.Killed));
        Assert.True(exit.DurationMilliseconds >= 10_000);
    }

    [Fact]
    public async Task A_watch_that_fails_still_keeps_the_time()
    {
        var command = Start(() => throw new InvalidOperationException("It cannot be looked at."));
        await PassTenSecondsAsync();

        Assert.True((await command.Ended).TimedOut);
    }

    [Fact]
    public async Task A_program_that_writes_letter_by_letter_costs_few_pieces()
    {
        var command = Start();
        for (var i = 0; i < 5000; i++)
        {
            await _process.Out.Writer.WriteAsync("x"u8.ToArray(), Cancellation);
            await _process.Out.Writer.FlushAsync(Cancellation);
        }

        _process.End(0);
        var pieces = await AllAsync(command);

        Assert.Equal(5000, TextOf(pieces, isError: false).Length);
        Assert.InRange(pieces.Count, 1, 3);
    }

    [Fact]
    public async Task A_limit_that_is_passed_ends_it_with_the_limits_name()
    {
        string? excess = null;
        var command = Start(() => excess, TimeSpan.FromHours(1));
        await _time.PassAsync(Look);
        await _time.AwaitedAsync(Look);
        Assert.False(_process.Killed.Task.IsCompleted);
        excess = "storage";
        await _time.PassAsync(Look);

        var exit = await command.Ended;

        Assert.Equal((137, false, "storage"), (exit.ExitCode, exit.TimedOut, exit.Killed));
    }

    [Fact]
    public async Task A_reader_is_answered_with_the_first_word_and_with_the_end()
    {
        var command = Start();
        var first = command.ReadAsync(0, TimeSpan.FromHours(1));
        Assert.False(first.IsCompleted);
        await _process.Out.Writer.WriteAsync("a"u8.ToArray(), Cancellation);
        var read = await first;

        var last = command.ReadAsync(read.Through, TimeSpan.FromHours(1));
        _process.End(0);

        Assert.Equal("a", Assert.Single(read.Pieces).Text);
        Assert.Equal(0, (await last).Exit!.ExitCode);
    }

    private RunningCommand Start(Func<string?>? excess = null, TimeSpan? timeout = null) =>
        new(_process, timeout ?? TimeSpan.FromSeconds(10), _ => excess?.Invoke(), null, _time);

    private async Task PassTenSecondsAsync()
    {
        for (var look = 0; look < 40; look++) await _time.PassAsync(Look);
    }

    private static async Task<List<OutputPiece>> AllAsync(RunningCommand command)
    {
        await command.Ended;
        return [.. (await command.ReadAsync(0, TimeSpan.Zero)).Pieces];
    }

    private static string TextOf(IEnumerable<OutputPiece> pieces, bool isError) =>
        string.Concat(pieces.Where(piece => piece.IsError == isError).Select(piece => piece.Text));

    private sealed class PlayedProcess : ISandboxProcess
    {
        public Stream Input => Stream.Null;

        private readonly TaskCompletionSource<int> _exited = new();

        public Pipe Out { get; } = new(new PipeOptions(pauseWriterThreshold: 0));

        public Pipe Error { get; } = new();

        public TaskCompletionSource Killed { get; } = new();

        public Stream Output => Out.Reader.AsStream();

        public Stream Errors => Error.Reader.AsStream();

        public Task<int> Exited => _exited.Task;

        public long MeasureMemory() => 0;

        public void End(int code)
        {
            Out.Writer.Complete();
            Error.Writer.Complete();
            _exited.TrySetResult(code);
        }

        public void Kill()
        {
            Killed.TrySetResult();
            End(137);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
