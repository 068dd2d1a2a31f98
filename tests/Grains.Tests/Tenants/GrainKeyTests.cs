using System.Reflection;
using System.Text;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Tenants;
using OpenClaw.Grains.Tests.Contracts;

namespace OpenClaw.Grains.Tests.Tenants;

/// <summary>Whose a grain is stands in its key, for every grain type there is, so that the call filter can hold strangers off.</summary>
public sealed class GrainKeyTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    /// <summary>Grain types whose keys name a tenant, each with a key of <c>acme</c>'s. A new type needs a line here or below.</summary>
    private static readonly Dictionary<string, string> TenantBearing = new()
    {
        ["browser"] = new BrowserKey(Acme, BrowserKey.DefaultSession).ToString(),
        ["command"] = new CommandKey(Acme, "cmd-1").ToString(),
        ["budget"] = new BudgetKey(Acme).ToString(),
        ["idempotency"] = new IdempotencyGrainKey(Acme, "0123abcd").ToString(),
        ["memory"] = new MemoryNamespaceKey(Acme, "default").ToString(),
        ["rate-limit"] = new RateLimitKey(Acme, RateLimitClass.Messages).ToString(),
        ["session"] = new SessionKey(Acme, "sess-1").ToString(),
        ["scheduled-task"] = new TaskKey(Acme, "task-1").ToString(),
        ["skill"] = new SkillKey(Acme, "github").ToString(),
        ["skill-catalog"] = new SkillCatalogKey(Acme).ToString(),
        ["skill-run"] = new SkillRunKey(Acme, "run-1").ToString(),
        ["task-catalog"] = new TaskCatalogKey(Acme).ToString(),
        ["tenant"] = new TenantKey(Acme).ToString(),
        ["tenant-events"] = new TenantEventsKey(Acme).ToString(),
        ["tenant-directory"] = new TenantKey(Acme).ToString(),
        ["tenant-removal"] = new TenantKey(Acme).ToString(),
        ["webhook"] = new WebhookKey(Acme, "hook-1").ToString(),
        ["webhook-directory"] = new WebhookDirectoryKey(Acme).ToString(),
        ["workspace"] = new WorkspaceKey(Acme).ToString(),
    };

    /// <summary>Grain types that are no tenant's, each with the reason.</summary>
    private static readonly Dictionary<string, string> NobodysOwn = new()
    {
        ["api-key"] = "found by the key's hash before its tenant is known; it tells nothing but to who holds the key",
        ["login"] = "found by the cookie's hash before its tenant is known; it tells nothing but to who holds the cookie",
        ["stream-queue"] = "a rendezvous inside Orleans' streams; readers and writers are our own silos",
        ["ticket"] = "found by the ticket's hash before its tenant is known; it tells nothing but to who holds the ticket",
    };

    private static IEnumerable<Type> GrainTypes => GrainContracts.Assemblies
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => typeof(IGrainBase).IsAssignableFrom(type) && type is { IsClass: true, IsAbstract: false });

    [Fact]
    public void Every_grain_type_has_a_tenant_in_its_key_or_a_reason_why_not() =>
        Assert.Equal(TenantBearing.Keys.Concat(NobodysOwn.Keys).Order(), GrainTypes.Select(NameOf).Order());

    [Fact]
    public void Every_grain_is_found_by_text_and_so_can_bear_a_tenant() =>
        Assert.All(GrainContracts.Interfaces, type => Assert.True(typeof(IGrainWithStringKey).IsAssignableFrom(type), type.Name));

    [Fact]
    public void A_stranger_is_told_from_the_owner_by_every_key_that_bears_a_tenant() => Assert.All(TenantBearing, grain =>
    {
        var key = Encoding.UTF8.GetBytes(grain.Value);
        Assert.True(TenantOwnership.IsForeign(key, "other"), grain.Value);
        Assert.False(TenantOwnership.IsForeign(key, Acme.Value), grain.Value);
    });

    /// <summary>A key record that somebody adds is one of those above: its text begins with the tenant's id.</summary>
    [Fact]
    public void Every_typed_key_with_a_tenant_begins_with_it()
    {
        var keys = GrainContracts.Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsValueType: true, IsEnum: false } && type.Name.EndsWith("Key", StringComparison.Ordinal)
                && type.GetProperty("Tenant")?.PropertyType == typeof(TenantId));

        Assert.All(keys, type => Assert.Contains(TenantBearing.Values, text =>
            type.GetMethod("Parse", BindingFlags.Public | BindingFlags.Static) is { } parse && IsParsed(parse, text)));
        Assert.NotEmpty(keys);
    }

    private static bool IsParsed(MethodInfo parse, string text)
    {
        try
        {
            return parse.Invoke(null, [text])?.ToString() == text;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is FormatException)
        {
            return false;
        }
    }

    private static string NameOf(Type grain) =>
        (string)grain.GetCustomAttributesData().Single(attribute => attribute.AttributeType == typeof(GrainTypeAttribute)).ConstructorArguments[0].Value!;
}
