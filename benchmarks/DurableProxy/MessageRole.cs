namespace OpenClaw.Benchmarks.DurableProxy;

internal enum MessageRole
{
    User = 1,
    Assistant = 2,
}
