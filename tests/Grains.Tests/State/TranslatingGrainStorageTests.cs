using Microsoft.Data.Sqlite;
using Npgsql;
using OpenClaw.Grains.State;
using OpenClaw.Storage;
using Orleans.Storage;

namespace OpenClaw.Grains.Tests.State;

public sealed class TranslatingGrainStorageTests
{
    private static readonly GrainId Grain = GrainId.Create("type", "key");

    public static TheoryData<Exception> Unavailabilities =>
    [
        new SqliteException("database or disk is full", 13), new SqliteException("database is locked", 5),
        new NpgsqlException("Failed to connect"), new NpgsqlException("Too late", new TimeoutException()),
        new PostgresException("terminating connection", "FATAL", "FATAL", "57P01"),
    ];

    [Theory]
    [MemberData(nameof(Unavailabilities), DisableDiscoveryEnumeration = true)]
    public async Task A_database_that_cannot_be_used_is_reported_as_storage_that_is_not_available(Exception exception)
    {
        var storage = new TranslatingGrainStorage(new ThrowingStorage(() => exception));

        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.ReadStateAsync("state", Grain, new GrainState<string>()));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.WriteStateAsync("state", Grain, new GrainState<string>()));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.ClearStateAsync("state", Grain, new GrainState<string>()));
    }

    [Fact]
    public async Task What_is_no_failure_of_the_database_is_left_as_it_is()
    {
        var storage = new TranslatingGrainStorage(new ThrowingStorage(() => new InconsistentStateException("another wrote")));

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ReadStateAsync("state", Grain, new GrainState<string>()));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("state", Grain, new GrainState<string>()));
    }

    [Fact]
    public async Task A_read_on_a_connection_that_was_lost_is_repeated_once_and_a_write_is_not()
    {
        var calls = 0;
        var storage = new TranslatingGrainStorage(
            new ThrowingStorage(() => ++calls == 1 ? new NpgsqlException("read past the end", new EndOfStreamException()) : null));

        await storage.ReadStateAsync("state", Grain, new GrainState<string>());
        Assert.Equal(2, calls);

        calls = 0;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.WriteStateAsync("state", Grain, new GrainState<string>()));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_read_that_was_not_answered_in_time_is_not_repeated()
    {
        var calls = 0;
        var storage = new TranslatingGrainStorage(new ThrowingStorage(() =>
        {
            calls++;
            return new NpgsqlException("Timeout during reading attempt", new TimeoutException());
        }));

        await Assert.ThrowsAsync<StorageUnavailableException>(() => storage.ReadStateAsync("state", Grain, new GrainState<string>()));
        Assert.Equal(1, calls);
    }

    /// <summary>Does nothing but what the test says; null lets the call succeed.</summary>
    private sealed class ThrowingStorage(Func<Exception?> next) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Next();

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Next();

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Next();

        private Task Next() => next() is { } exception ? Task.FromException(exception) : Task.CompletedTask;
    }
}
