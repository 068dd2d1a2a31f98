using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Tests.Sessions;

/// <summary>A silo's own log, whose appends wait while a test holds them. All else passes.</summary>
internal class HeldSessionLog : DispatchProxy
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ISessionLog _log = null!;
    private TaskCompletionSource? _held;

    /// <summary>Completes with the first append that waits.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Puts itself before the log of a silo that is being built.</summary>
    public static void Wrap(IServiceCollection services)
    {
        var log = services.Last(service => service.ServiceType == typeof(ISessionLog));
        services.AddSingleton(provider =>
        {
            var proxy = Create<ISessionLog, HeldSessionLog>();
            ((HeldSessionLog)(object)proxy)._log = (ISessionLog)ActivatorUtilities.CreateInstance(provider, log.ImplementationType!);
            return proxy;
        });
    }

    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => Interlocked.Exchange(ref _held, null)!.SetResult();

    protected override object? Invoke(MethodInfo? method, object?[]? arguments) =>
        method!.Name == nameof(ISessionLog.AppendAsync) && Volatile.Read(ref _held) is { } held
            ? AppendAsync(held.Task, (SessionAppend)arguments![0]!, (CancellationToken)arguments[1]!)
            : method.Invoke(_log, arguments);

    private async Task<AppendOutcome> AppendAsync(Task held, SessionAppend append, CancellationToken cancellationToken)
    {
        _arrived.TrySetResult();
        await held;
        return await _log.AppendAsync(append, cancellationToken);
    }
}
