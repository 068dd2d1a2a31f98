namespace OpenClaw.ModelServer;

/// <summary>A tool call as the model writes it.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">Sent as it stands, valid JSON or not.</param>
/// <param name="Id">The call's id, or null for one that the server makes up.</param>
public sealed record ScriptedToolCall(string Name, string Arguments, string? Id = null);
