using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Models.Calls;

namespace OpenClaw.Grains.Tests.Models;

public sealed class CircuitBreakerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CircuitBreaker _circuit;

    public CircuitBreakerTests() =>
        _circuit = new CircuitBreaker(new CircuitBreakerOptions { Failures = 3, OpenFor = TimeSpan.FromSeconds(10) }, _time);

    [Fact]
    public void It_opens_at_the_last_of_so_many_failures_in_a_row()
    {
        Assert.False(_circuit.ReportFailure());
        Assert.False(_circuit.ReportFailure());
        _circuit.ReportAlive();
        Assert.False(_circuit.ReportFailure());
        Assert.False(_circuit.ReportFailure());
        Assert.True(_circuit.TryEnter(out _));
        Assert.True(_circuit.ReportFailure());

        Assert.False(_circuit.TryEnter(out var wait));
        Assert.Equal(TimeSpan.FromSeconds(10), wait);
    }

    [Fact]
    public void It_lets_one_attempt_at_a_time_through_when_its_time_is_over()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.True(_circuit.TryEnter(out _));
        Assert.False(_circuit.TryEnter(out _));
        Assert.True(_circuit.ReportFailure());
        Assert.False(_circuit.TryEnter(out _));
    }

    [Fact]
    public void A_probe_that_its_caller_gave_up_leaves_room_for_another()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.True(_circuit.TryEnter(out _));
        _circuit.ReportAbandoned();

        Assert.True(_circuit.TryEnter(out _));
        _circuit.ReportAlive();
        Assert.True(_circuit.TryEnter(out _));
        Assert.True(_circuit.TryEnter(out _));
    }

    private void Open()
    {
        for (var i = 0; i < 3; i++) _circuit.ReportFailure();
    }
}
