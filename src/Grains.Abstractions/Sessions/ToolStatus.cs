namespace OpenClaw.Grains.Abstractions.Sessions;

[GenerateSerializer, Alias("OpenClaw.ToolStatus")]
public enum ToolStatus
{
    Started,
    Succeeded,
    Failed,
}
