using System.Collections.Concurrent;
using System.Threading.Channels;
using Npgsql;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Limits;

/// <summary>
/// The rows of turns, and nothing else: no HTTP, no model, no grains, no reads, no conditions. Each of a turn's two writes is
/// a plain <c>UPDATE</c> of the session and a plain <c>INSERT</c> for each event; a few writers commit what has queued up,
/// prepared, in one round trip, and add the usage up once a commit. The tables and indexes are those that our server makes.
/// </summary>
internal sealed class BatchedInserts : IDisposable
{
    /// <summary>Transactions.</summary>
    public const string Commits = "commits";

    private const string Tenant = "default";
    private const string Model = "fast-t20";
    private const int BatchLimit = 256;
    private const int Idle = 1;
    private const int Running = 2;
    private const string Letters = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly NpgsqlDataSource _source;
    private readonly TurnRows _rows;
    private readonly Channel<TurnWrite>[] _queues;
    private readonly Task[] _writers;
    private readonly IReadOnlyDictionary<string, Func<double>> _meters;
    private readonly ConcurrentQueue<string> _sessions = new();
    private double _turnsPerSecond = 5000;
    private int _commits;

    /// <param name="connectionString">A database in which our server has made its tables, and which it does not use.</param>
    /// <param name="rows">What a turn writes.</param>
    /// <param name="writers">Batches under way at once.</param>
    /// <param name="meters">As of <see cref="TurnLoad"/>.</param>
    public BatchedInserts(string connectionString, TurnRows rows, int writers, IReadOnlyDictionary<string, Func<double>> meters)
    {
        _rows = rows;
        _meters = meters;
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 20, AutoPrepareMinUsages = 2 });
        _queues = [.. Enumerable.Range(0, writers).Select(_ => Channel.CreateUnbounded<TurnWrite>(new UnboundedChannelOptions { SingleReader = true }))];
        _writers = [.. _queues.Select((queue, shard) => Task.Run(() => WriteAsync(queue.Reader, shard)))];
    }

    /// <summary>Writes turns, each of <see cref="LoadPlan.Concurrency"/> askers one after the other.</summary>
    public LoadResult Run(LoadPlan plan)
    {
        AddSessions((int)(plan.Sessions + (_turnsPerSecond * plan.Duration * 2 / plan.TurnsPerSession)));
        var before = Read();
        var cpu = ProcessFigures.CpuMs(Environment.ProcessId);
        var start = Clock.Now;
        var deadline = start + (long)(plan.Duration * Clock.Frequency);
        var askers = Enumerable.Range(0, plan.Concurrency).Select(number => Task.Run(() => AskAsync(plan, number, deadline))).ToArray();
        var timings = Task.WhenAll(askers).GetAwaiter().GetResult().SelectMany(turns => turns).ToArray();
        var seconds = Clock.Milliseconds(Clock.Now - start) / 1000;
        var cpuAfter = ProcessFigures.CpuMs(Environment.ProcessId);
        var after = Read();
        _turnsPerSecond = timings.Length / seconds;
        return new LoadResult
        {
            Turns = timings.Length,
            Errors = 0,
            Seconds = seconds,
            Turn = new Distribution(timings.Select(turn => turn.Done)),
            FirstByte = new Distribution(timings.Select(turn => turn.Accepted)),
            FirstFrame = new Distribution([]),
            ServerCpuMs = 0,
            ModelCpuMs = 0,
            RunnerCpuMs = cpuAfter - cpu,
            PeakMb = 0,
            LateSessions = 0,
            Spent = after.ToDictionary(meter => meter.Key, meter => meter.Value - before[meter.Key]),
        };
    }

    public void Dispose()
    {
        foreach (var queue in _queues)
            queue.Writer.Complete();
        Task.WaitAll(_writers);
        _source.Dispose();
    }

    private Dictionary<string, double> Read()
    {
        var all = _meters.ToDictionary(meter => meter.Key, meter => meter.Value());
        all[Commits] = Volatile.Read(ref _commits);
        return all;
    }

    private async Task<List<(long Accepted, long Done)>> AskAsync(LoadPlan plan, int number, long deadline)
    {
        var timings = new List<(long Accepted, long Done)>();
        var sessions = new (string Id, int Turns)[Math.Max(1, (plan.Sessions - number + plan.Concurrency - 1) / plan.Concurrency)];
        for (var slot = 0; Clock.Now < deadline; slot = (slot + 1) % sessions.Length)
        {
            if ((sessions[slot].Id is null || sessions[slot].Turns == plan.TurnsPerSession) && !_sessions.TryDequeue(out sessions[slot].Id!))
                throw new InvalidOperationException("The sessions made ahead are used up.");
            else if (sessions[slot].Turns == plan.TurnsPerSession)
                sessions[slot].Turns = 0;
            var (id, turns) = sessions[slot];
            var turnId = RandomText(_rows.TurnIdLength);
            var before = turns * _rows.Length;
            var start = Clock.Now;
            await CommitAsync(new TurnWrite(id, turnId, before, IsEnd: false));
            var accepted = Clock.Now;
            await CommitAsync(new TurnWrite(id, turnId, before, IsEnd: true));
            timings.Add((accepted - start, Clock.Now - start));
            sessions[slot].Turns++;
        }

        return timings;
    }

    private Task CommitAsync(TurnWrite write)
    {
        var queue = _queues[(uint)write.SessionId.GetHashCode(StringComparison.Ordinal) % (uint)_queues.Length];
        queue.Writer.TryWrite(write);
        return write.Committed.Task;
    }

    private async Task WriteAsync(ChannelReader<TurnWrite> queue, int shard)
    {
        var batch = new List<TurnWrite>(BatchLimit);
        await using var connection = await _source.OpenConnectionAsync();
        while (await queue.WaitToReadAsync())
        {
            while (batch.Count < BatchLimit && queue.TryRead(out var write))
                batch.Add(write);
            try
            {
                await CommitAsync(connection, batch, shard);
                foreach (var write in batch)
                    write.Committed.SetResult();
            }
            catch (NpgsqlException exception)
            {
                foreach (var write in batch)
                    write.Committed.SetException(exception);
            }

            batch.Clear();
        }
    }

    // Commands of a batch are a transaction by themselves.
    private async Task CommitAsync(NpgsqlConnection connection, List<TurnWrite> batch, int shard)
    {
        await using var commands = new NpgsqlBatch(connection);
        var now = DateTimeOffset.UtcNow;
        var at = now.ToUnixTimeMilliseconds();
        var ended = 0;
        foreach (var write in batch)
        {
            commands.BatchCommands.Add(Session(write, at));
            foreach (var row in write.IsEnd ? _rows.Ended : _rows.Accepted)
                commands.BatchCommands.Add(Event(write, row, at));
            ended += write.IsEnd ? 1 : 0;
        }

        if (ended > 0)
            commands.BatchCommands.Add(Usage(now, shard, ended));
        await commands.ExecuteNonQueryAsync();
        Interlocked.Increment(ref _commits);
    }

    private NpgsqlBatchCommand Session(TurnWrite write, long at)
    {
        var command = new NpgsqlBatchCommand("""
            UPDATE session SET revision = revision + 1, head = $3, reserved = $4, run_state = $5, append_id = $6, mailbox = $7,
              message_count = message_count + 1, input_tokens = input_tokens + $8, output_tokens = output_tokens + $9, updated_at = $10
            WHERE tenant = $1 AND session_id = $2
            """);
        Add(command, Tenant);
        Add(command, write.SessionId);
        Add(command, write.Before + (write.IsEnd ? _rows.Length : _rows.Accepted[^1].SeqTo));
        Add(command, write.Before + _rows.Length);
        Add(command, write.IsEnd ? Idle : Running);
        Add(command, Guid.NewGuid().ToByteArray());
        command.Parameters.Add(new NpgsqlParameter { Value = write.IsEnd ? DBNull.Value : _rows.Mailbox, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea });
        Add(command, write.IsEnd ? 10L : 0L);
        Add(command, write.IsEnd ? 20L : 0L);
        Add(command, at);
        return command;
    }

    private static NpgsqlBatchCommand Event(TurnWrite write, EventRow row, long at)
    {
        var command = new NpgsqlBatchCommand("""
            INSERT INTO session_event (tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """);
        Add(command, Tenant);
        Add(command, write.SessionId);
        Add(command, write.Before + row.SeqFrom);
        Add(command, write.Before + row.SeqTo);
        Add(command, write.TurnId);
        Add(command, row.Kind);
        Add(command, row.Listed);
        Add(command, at);
        Add(command, row.Payload);
        return command;
    }

    private static NpgsqlBatchCommand Usage(DateTimeOffset now, int shard, int turns)
    {
        var command = new NpgsqlBatchCommand("""
            INSERT INTO tenant_usage (tenant, day, model, shard, turns, input_tokens, output_tokens) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (tenant, day, model, shard) DO UPDATE SET turns = tenant_usage.turns + excluded.turns,
              input_tokens = tenant_usage.input_tokens + excluded.input_tokens, output_tokens = tenant_usage.output_tokens + excluded.output_tokens
            """);
        Add(command, Tenant);
        Add(command, (now.Year * 10_000) + (now.Month * 100) + now.Day);
        Add(command, Model);
        Add(command, shard);
        Add(command, (long)turns);
        Add(command, turns * 10L);
        Add(command, turns * 20L);
        return command;
    }

    private void AddSessions(int count)
    {
        var ids = Enumerable.Range(0, Math.Max(0, count - _sessions.Count)).Select(_ => RandomText(_rows.SessionIdLength)).ToArray();
        using var command = _source.CreateCommand("""
            INSERT INTO session (tenant, session_id, epoch, revision, head, reserved, run_state, append_id, message_count, input_tokens,
              output_tokens, created_at, updated_at, model)
            SELECT $1, id, 1, 0, 0, 0, 0, $2, 0, 0, 0, $3, $3, $4 FROM unnest($5) AS id
            """);
        command.Parameters.AddWithValue(Tenant);
        command.Parameters.AddWithValue(Guid.NewGuid().ToByteArray());
        command.Parameters.AddWithValue(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue(Model);
        command.Parameters.AddWithValue(ids);
        command.ExecuteNonQuery();
        foreach (var id in ids)
            _sessions.Enqueue(id);
    }

    private static void Add<T>(NpgsqlBatchCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    private static string RandomText(int length) => string.Create(length, 0, static (text, _) => Random.Shared.GetItems<char>(Letters, text));
}
