namespace OpenClaw.Durability.Tests.Kills;

/// <summary>What befalls the service in the middle of its turns.</summary>
internal interface ICrash
{
    /// <summary>True when the server itself goes on and may answer 503 meanwhile; false when it is gone.</summary>
    bool ServerSurvives { get; }

    /// <summary>Returns once it has happened.</summary>
    void Strike();

    /// <summary>Returns once the service says that it is ready.</summary>
    Task RecoverAsync(CancellationToken cancellationToken);
}
