using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Testing.Contracts;

namespace OpenClaw.WebFrontend.Tests;

public sealed class GrainCallListTests
{
    /// <summary><c>IReadOnlyList&lt;Attachment&gt; list = [a, b]</c> makes a list that no codec knows: a grain call with it fails.</summary>
    [Fact]
    public void No_list_for_a_grain_call_is_of_a_type_that_the_compiler_made()
    {
        var sent =
            (from type in typeof(ISessionGrain).Assembly.GetExportedTypes()
             where type.IsInterface && typeof(IGrain).IsAssignableFrom(type)
             from method in type.GetMethods()
             from parameter in method.GetParameters()
             from member in parameter.ParameterType.GetProperties()
             where member.PropertyType.IsGenericType && member.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
             select member.PropertyType.GetGenericArguments()[0]).ToHashSet();
        Assert.Contains(typeof(Attachment), sent);

        Assert.DoesNotContain(CompilerMadeLists.ElementsIn(typeof(FrontendHosting).Assembly), sent.Contains);
    }
}
