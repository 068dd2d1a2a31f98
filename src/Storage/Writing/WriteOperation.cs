namespace OpenClaw.Storage.Writing;

/// <summary>A write that waits for its commit.</summary>
internal abstract class WriteOperation(string lane, CancellationToken cancellationToken)
{
    /// <summary>Operations of one lane are written in the order in which they were asked for.</summary>
    public string Lane => lane;

    /// <summary>Gives up an operation that was cancelled before it was begun: true when it is over.</summary>
    public bool EndIfCancelled()
    {
        if (!cancellationToken.IsCancellationRequested)
            return false;
        Cancel(cancellationToken);
        return true;
    }

    /// <summary>The commit is durable: the outcome recorded before it goes to the waiter, who goes on elsewhere.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);

    protected abstract void Cancel(CancellationToken token);
}
