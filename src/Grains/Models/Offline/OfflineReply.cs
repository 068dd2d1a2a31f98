using Microsoft.Extensions.AI;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>What the built-in model answers: text, a tool call, or text before a tool call.</summary>
internal sealed record OfflineReply(string Text, FunctionCallContent? Call = null);
