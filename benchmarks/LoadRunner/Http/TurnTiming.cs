namespace OpenClaw.Benchmarks.LoadRunner.Http;

/// <summary>When what of a turn arrived, by the machine's monotonic clock; 0 where it did not.</summary>
internal struct TurnTiming
{
    public long Start;

    /// <summary>The first byte of the response, headers included.</summary>
    public long FirstByte;

    /// <summary>The first frame with text.</summary>
    public long FirstFrame;

    /// <summary>The frame that ends the turn.</summary>
    public long Done;

    /// <summary>A status other than 200, an error frame, or no text or end.</summary>
    public bool Failed;
}
