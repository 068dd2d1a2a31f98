using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Models.Calls;

namespace OpenClaw.Grains.Tests.Models;

public sealed class ProviderCircuitsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ProviderCircuits _circuits;

    public ProviderCircuitsTests() =>
        _circuits = new ProviderCircuits(new CircuitBreakerOptions { Failures = 2, OpenFor = TimeSpan.FromSeconds(10) }, _time);

    [Fact]
    public void A_model_that_fails_is_refused_and_no_other()
    {
        Assert.False(_circuits.ReportFailure("bad"));
        Assert.True(_circuits.ReportFailure("bad"));

        Assert.False(_circuits.TryEnter("bad", out var wait));
        Assert.Equal(TimeSpan.FromSeconds(10), wait);
        Assert.True(_circuits.TryEnter("good", out _));
    }

    [Fact]
    public void A_server_that_cannot_be_reached_is_refused_for_every_model()
    {
        Assert.False(_circuits.ReportUnreachable("one"));
        Assert.True(_circuits.ReportUnreachable("two"));

        Assert.False(_circuits.TryEnter("three", out var wait));
        Assert.Equal(TimeSpan.FromSeconds(10), wait);
    }

    [Fact]
    public void A_failing_model_shows_that_its_server_can_be_reached()
    {
        _circuits.ReportUnreachable("one");
        _circuits.ReportFailure("bad");

        Assert.False(_circuits.ReportUnreachable("one"));
        Assert.True(_circuits.TryEnter("one", out _));
    }

    [Fact]
    public void A_probe_of_the_server_that_the_models_circuit_turns_away_leaves_room_for_another()
    {
        Open("bad");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(_circuits.TryEnter("bad", out _));
        _circuits.ReportUnreachable("one");
        _circuits.ReportUnreachable("one");
        _time.Advance(TimeSpan.FromSeconds(10));

        // The model's probe is still under way.
        Assert.False(_circuits.TryEnter("bad", out _));
        Assert.True(_circuits.TryEnter("one", out _));
    }

    [Fact]
    public void A_model_that_answers_is_forgotten()
    {
        Open("bad");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(_circuits.TryEnter("bad", out _));
        Assert.False(_circuits.TryEnter("bad", out _));
        _circuits.ReportAlive("bad");

        Assert.Equal(0, _circuits.FailingModels);
        Assert.True(_circuits.TryEnter("bad", out _));
        Assert.True(_circuits.TryEnter("bad", out _));
    }

    [Fact]
    public void A_probe_that_its_caller_gave_up_leaves_room_for_another()
    {
        Open("bad");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(_circuits.TryEnter("bad", out _));
        _circuits.ReportAbandoned("bad");

        Assert.True(_circuits.TryEnter("bad", out _));
    }

    [Fact]
    public void However_many_names_fail_only_so_many_are_remembered_and_the_latest_are()
    {
        for (var i = 0; i < ProviderCircuits.MaxModels * 2; i++)
        {
            Open($"model-{i}");
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(ProviderCircuits.MaxModels, _circuits.FailingModels);
        Assert.False(_circuits.TryEnter($"model-{(ProviderCircuits.MaxModels * 2) - 1}", out _));
        Assert.True(_circuits.TryEnter("model-0", out _));
    }

    private void Open(string model)
    {
        _circuits.ReportFailure(model);
        _circuits.ReportFailure(model);
    }
}
