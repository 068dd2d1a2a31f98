namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>The journal has ended: the turn is no longer this activation's.</summary>
internal sealed class TurnLeftException : Exception;
