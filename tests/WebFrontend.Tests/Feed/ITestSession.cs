using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.WebFrontend.Tests.Feed;

/// <summary>What a test tells a session to do.</summary>
[Alias("OpenClaw.Tests.ITestSession")]
internal interface ITestSession : IGrainWithStringKey
{
    /// <summary>Writes frames into the log and publishes them.</summary>
    [Alias("Append")]
    Task Append(SessionFrame[] frames);

    /// <summary>Writes frames into the log; the stream loses them.</summary>
    [Alias("AppendUnpublished")]
    Task AppendUnpublished(SessionFrame[] frames);

    /// <summary>Publishes frames that the log does not have.</summary>
    [Alias("PublishOnly")]
    Task PublishOnly(SessionFrame[] frames);

    /// <summary>Removes the session and tells its watchers, if the stream does not lose it.</summary>
    [Alias("Remove")]
    Task Remove(bool publish);
}
