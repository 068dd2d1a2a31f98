using System.Reflection;

namespace OpenClaw.WebFrontend.Tests.Hosting;

/// <summary>A grain factory that hands out the test's own grains by interface and string key.</summary>
public class GrainFactoryProxy : DispatchProxy
{
    private readonly Dictionary<Type, Func<string, object>> _grains = [];

    public static IGrainFactory Create(Action<GrainFactoryProxy> register)
    {
        var factory = Create<IGrainFactory, GrainFactoryProxy>();
        register((GrainFactoryProxy)(object)factory);
        return factory;
    }

    public void Add<TGrain>(Func<string, TGrain> find)
        where TGrain : class, IGrainWithStringKey => _grains.Add(typeof(TGrain), find);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod is { Name: "GetGrain", IsGenericMethod: true } && args?[0] is string key
            ? _grains[targetMethod.GetGenericArguments()[0]](key)
            : throw new NotSupportedException($"{targetMethod?.Name} is not part of what the front-end needs.");
}
