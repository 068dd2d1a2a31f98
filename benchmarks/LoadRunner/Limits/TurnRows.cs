using Npgsql;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Limits;

/// <summary>What a turn of our server leaves in the database, taken from one that it ran.</summary>
internal sealed class TurnRows
{
    // Long enough to look at the session's row while the turn runs.
    private const string Model = "fast-t20-f1000";

    /// <summary>The session's mailbox while a turn runs.</summary>
    public required byte[] Mailbox { get; init; }

    /// <summary>The events of the first commit: the user's message.</summary>
    public required EventRow[] Accepted { get; init; }

    /// <summary>The events of the last: frames and answer.</summary>
    public required EventRow[] Ended { get; init; }

    public required int TurnIdLength { get; init; }

    public required int SessionIdLength { get; init; }

    /// <summary>Seqs of a turn.</summary>
    public long Length => Ended[^1].SeqTo;

    /// <summary>Lets our server run a turn and reads its rows.</summary>
    /// <param name="target">Our server.</param>
    /// <param name="connectionString">Its database.</param>
    /// <exception cref="IOException">The turn failed, or its rows are not what two commits leave.</exception>
    public static TurnRows Record(Target target, string connectionString)
    {
        var client = new ApiClient(target);
        using var connection = client.Connect();
        using var database = new NpgsqlConnection(connectionString);
        database.Open();
        var session = client.CreateSession(connection, Model);
        if (connection.Send(client.Message(session, stream: true)) != 200)
            throw new IOException($"A turn was refused: {connection.ReadText()}");
        var mailbox = ReadMailbox(database, session);
        connection.ReadText();
        var (events, turnId) = ReadEvents(database, session);
        if (mailbox is null || events is not [{ SeqFrom: 1 }, _, ..])
            throw new IOException("The rows of the turn are not those of a message and an answer.");
        return new TurnRows
        {
            Mailbox = mailbox,
            Accepted = events[..1],
            Ended = events[1..],
            TurnIdLength = turnId.Length,
            SessionIdLength = session.Length,
        };
    }

    private static byte[]? ReadMailbox(NpgsqlConnection database, string session)
    {
        using var command = new NpgsqlCommand("SELECT mailbox FROM session WHERE session_id = $1 AND run_state = 2", database);
        command.Parameters.AddWithValue(session);
        return command.ExecuteScalar() as byte[];
    }

    private static (EventRow[] Events, string TurnId) ReadEvents(NpgsqlConnection database, string session)
    {
        using var command = new NpgsqlCommand(
            "SELECT seq_from, seq_to, kind, listed, payload, turn_id FROM session_event WHERE session_id = $1 ORDER BY seq_from", database);
        command.Parameters.AddWithValue(session);
        using var reader = command.ExecuteReader();
        var events = new List<EventRow>();
        var turnId = "";
        while (reader.Read())
        {
            events.Add(new EventRow(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetFieldValue<byte[]>(4)));
            turnId = reader.GetString(5);
        }

        return ([.. events], turnId);
    }
}
