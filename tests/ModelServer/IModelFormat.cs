namespace OpenClaw.ModelServer;

/// <summary>A protocol: how a request is read and an answer written.</summary>
internal interface IModelFormat
{
    AskedOfModel Read(string body);

    /// <summary>The body of an error response.</summary>
    string Error(int status, string message);

    /// <summary>The whole answer as one JSON body.</summary>
    string Whole(AskedOfModel asked, ModelAnswer answer, IReadOnlyList<string> chunks);

    /// <summary>Events that come before the first chunk.</summary>
    string Opening(AskedOfModel asked);

    /// <summary>One chunk of text.</summary>
    string Chunk(AskedOfModel asked, string text);

    /// <summary>Events of the tool calls.</summary>
    IEnumerable<string> ToolCalls(AskedOfModel asked, ModelAnswer answer);

    /// <summary>The event that tells why the answer ends.</summary>
    string Finish(AskedOfModel asked, ModelAnswer answer, int chunks);

    /// <summary>Events that come after it.</summary>
    string Closing(AskedOfModel asked, ModelAnswer answer, int chunks);

    /// <summary>The event that reports an error within a stream.</summary>
    string ErrorEvent(string message);
}
