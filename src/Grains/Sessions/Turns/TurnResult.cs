using OpenClaw.Grains.Sessions.Context;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>A turn that has ended.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="History">What later prompts show of it; null when it was undone.</param>
internal sealed record TurnResult(string TurnId, HistoryTurn? History);
