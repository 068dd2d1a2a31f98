using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OpenClaw.Storage.Tests;

public sealed class StorageOptionsTests
{
    [Theory]
    [InlineData("oracle", null, "./data", "OpenClaw:Database:Provider")]
    [InlineData("postgres", null, "./data", "OpenClaw:Database:ConnectionString")]
    [InlineData("sqlite", null, " ", "OpenClaw:DataDirectory")]
    public void A_setting_that_cannot_be_used_is_named(string provider, string? connectionString, string directory, string setting)
    {
        var options = new StorageOptions { Provider = provider, ConnectionString = connectionString, DataDirectory = directory };

        var exception = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddOpenClawStorage(options));

        Assert.Contains(setting, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Orleans_is_given_its_own_file_under_the_name_it_knows()
    {
        var database = OrleansDatabase.For(new StorageOptions { DataDirectory = "/srv/data" });

        Assert.Equal("System.Data.SQLite", database.Invariant);
        Assert.Contains("/srv/data/orleans.db", database.ConnectionString, StringComparison.Ordinal);
    }

    [Fact]
    public void Orleans_shares_the_PostgreSQL_database()
    {
        var database = OrleansDatabase.For(new StorageOptions { Provider = "Postgres", ConnectionString = "Host=db" });

        Assert.Equal(new OrleansDatabase("Npgsql", "Host=db"), database);
    }
}
