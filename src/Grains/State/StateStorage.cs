namespace OpenClaw.Grains.State;

/// <summary>Orleans' persistence as the grains use it.</summary>
public static class StateStorage
{
    /// <summary>Name of the grain storage that keeps every definition.</summary>
    public const string Provider = "state";
}
