using System.Reflection;

namespace OpenClaw.Grains.Tests.Cluster;

/// <summary>Stands before a store and lets a call of one method fail.</summary>
public class Fault<T> : DispatchProxy
    where T : class
{
    private T? _inner;
    private Func<string, bool>? _failsBefore;
    private Func<string, bool>? _failsAfter;

    /// <param name="inner">What does the work.</param>
    /// <param name="before">Asked with the method's name: true fails the call before it did anything.</param>
    /// <param name="after">Likewise, once it has done everything.</param>
    public static T Wrap(T inner, Func<string, bool>? before = null, Func<string, bool>? after = null)
    {
        var proxy = Create<T, Fault<T>>();
        var fault = (Fault<T>)(object)proxy;
        (fault._inner, fault._failsBefore, fault._failsAfter) = (inner, before, after);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var name = targetMethod!.Name;
        if (_failsBefore?.Invoke(name) == true)
            throw new FaultException();
        if (_failsAfter?.Invoke(name) != true)
            return targetMethod.Invoke(_inner, args);
        // Off the grain's scheduler, which waits here.
        Task.Run(() => (Task)targetMethod.Invoke(_inner, args)!).Wait();
        throw new FaultException();
    }
}

/// <summary>What a <see cref="Fault{T}"/> throws.</summary>
public sealed class FaultException() : Exception("The test let this call fail.");
