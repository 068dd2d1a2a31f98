namespace OpenClaw.Storage.Migrations;

/// <summary>A database under migration.</summary>
internal interface IMigrationTarget : IAsyncDisposable
{
    /// <summary>For messages: where the database is.</summary>
    string Location { get; }

    /// <summary>The last step that was applied, 0 for an empty database.</summary>
    ValueTask<int> ReadVersionAsync(string component, CancellationToken cancellationToken);

    /// <summary>Begins a transaction that no other process can be in.</summary>
    ValueTask BeginAsync(CancellationToken cancellationToken);

    /// <summary>Runs a step and records it.</summary>
    ValueTask ApplyAsync(string component, Migration migration, CancellationToken cancellationToken);

    ValueTask CommitAsync(CancellationToken cancellationToken);
}
