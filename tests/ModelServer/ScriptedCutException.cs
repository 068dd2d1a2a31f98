namespace OpenClaw.ModelServer;

/// <summary>
/// Breaks a response off. Thrown out of the endpoint, it makes Kestrel send what was written and close the connection
/// without the response's end, so the client has every chunk and then the cut.
/// </summary>
internal sealed class ScriptedCutException : Exception;
