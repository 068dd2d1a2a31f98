namespace OpenClaw.WebFrontend.Sockets;

/// <summary>How many frames a client may still send: a bucket of tokens that fills up steadily. One caller at a time.</summary>
internal struct FrameAllowance(SocketOptions options, TimeProvider time)
{
    private double _tokens = options.FrameBurst;
    private long _countedAt = time.GetTimestamp();

    public bool TryTake()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(options.FrameBurst, _tokens + (time.GetElapsedTime(_countedAt, now).TotalSeconds * options.FramesPerSecond));
        _countedAt = now;
        if (_tokens < 1)
            return false;
        _tokens--;
        return true;
    }
}
