using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Storage.Secrets;

namespace OpenClaw.Storage.Tests;

public abstract class ProtectionKeyTests(DatabaseKind kind) : StorageTest(kind)
{
    public sealed class OnSqlite() : ProtectionKeyTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : ProtectionKeyTests(DatabaseKind.Postgres);

    private IProtectionKeyStore Store => Services.GetRequiredService<IProtectionKeyStore>();

    [Fact]
    public async Task Keys_come_as_they_were_added_by_name_and_after_a_restart()
    {
        ProtectionKeyState[] keys = [new("key-b", "<key>钥匙</key>"), new("key-a", "<key />"), new("revocation-1", "<revocation />")];
        foreach (var key in keys)
            await Store.AddAsync(key, Cancellation);

        await RestartAsync();

        Assert.Equal([keys[1], keys[0], keys[2]], await Store.ListAsync(Cancellation));
    }

    [Fact]
    public async Task A_key_that_is_written_again_stays_as_it_was()
    {
        await Store.AddAsync(new ProtectionKeyState("key-a", "<first />"), Cancellation);
        await Store.AddAsync(new ProtectionKeyState("key-a", "<second />"), Cancellation);

        Assert.Equal("<first />", Assert.Single(await Store.ListAsync(Cancellation)).Xml);
    }
}
