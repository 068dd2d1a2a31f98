namespace OpenClaw.Benchmarks.LoadRunner.Load;

/// <summary>A load of turns.</summary>
internal sealed record LoadPlan
{
    /// <summary>Turns under way at any time, each on a connection of its own.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Sessions in use at any time; at least one per connection.</summary>
    public int Sessions { get; init; } = 64;

    /// <summary>
    /// Turns after which a session is replaced by a new one, so that the history in the prompts stays that of a real
    /// conversation and does not grow with the speed of the server.
    /// </summary>
    public int TurnsPerSession { get; init; } = 20;

    /// <summary>Seconds to run, unless <see cref="Turns"/> is set.</summary>
    public double Duration { get; init; } = 5;

    /// <summary>Turns to make, or 0.</summary>
    public int Turns { get; init; }

    public bool Stream { get; init; } = true;

    /// <summary>The sessions' model.</summary>
    public string Model { get; init; } = "fast";

    /// <summary>The plan that a command line describes, but for the concurrency.</summary>
    public static LoadPlan From(CommandLine options, int concurrency) => new()
    {
        Concurrency = concurrency,
        Sessions = Math.Max(concurrency, options.Number("sessions", 64)),
        TurnsPerSession = options.Number("turns-per-session", 20),
        Duration = options.Real("duration", 5),
        Turns = options.Number("turns", 0),
        Stream = !options.Has("no-stream"),
        Model = options.Text("model", "fast"),
    };
}
