namespace OpenClaw.Grains.State;

internal static class StoredTime
{
    /// <summary>The time as rows keep it: to the millisecond.</summary>
    public static DateTimeOffset AsStored(this DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
