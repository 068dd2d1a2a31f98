using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Support;

/// <summary>What every test of the contract needs: the shared servers, a tenant of its own, the token that ends it.</summary>
public abstract class ContractTest(Servers servers)
{
    /// <summary>Asks for code in Chinese, in the words of the reference.</summary>
    protected const string CodeQuestion = "帮我写一段代码";

    protected Servers Servers { get; } = servers;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A tenant on the server that answers at once, or on the given one.</summary>
    protected async Task<TestTenant> NewTenantAsync(Task<ServerProcess>? server = null) =>
        await TestTenant.CreateAsync(await (server ?? Servers.Quick), Cancellation);
}
