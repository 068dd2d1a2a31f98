using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Support;

/// <summary>
/// What every test of the contract needs: the shared servers, a tenant of its own, the token that ends it. A class whose
/// answers come from the database is run on each by its two nested classes.
/// </summary>
public abstract class ContractTest(DatabaseServers servers)
{
    /// <summary>Asks for code in Chinese, in the words of the reference.</summary>
    protected const string CodeQuestion = "帮我写一段代码";

    protected DatabaseServers Servers { get; } = servers;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A tenant on the server that answers at once, or on the given one.</summary>
    protected async Task<TestTenant> NewTenantAsync(Task<ServerProcess>? server = null) =>
        await TestTenant.CreateAsync(await (server ?? Servers.Quick), Cancellation);
}
