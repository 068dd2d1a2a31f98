using System.Net.Sockets;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Load;

/// <summary>Drives a server with turns: each connection sends its next message when the last answer has ended.</summary>
/// <param name="doors">The server, or those that lead to it: connections are spread over them.</param>
/// <param name="model">The model server, for its CPU; or null.</param>
/// <param name="meters">What else is spent while the load runs, by name: each is read before and after. Or null.</param>
internal sealed class TurnLoad(IReadOnlyList<Target> doors, Target? model = null, IReadOnlyDictionary<string, Func<double>>? meters = null)
{
    private const int MaxErrorsPerWorker = 20;

    private readonly ApiClient[] _clients = [.. doors.Select(door => new ApiClient(door))];
    private double _turnsPerSecond = 200;

    /// <summary>Drives one server.</summary>
    public TurnLoad(Target target, Target? model = null)
        : this([target], model)
    {
    }

    /// <summary>Runs <paramref name="plan"/> without keeping figures, and learns how many sessions a run needs.</summary>
    public void WarmUp(LoadPlan plan, double seconds)
    {
        if (seconds > 0)
            Run(plan with { Duration = seconds, Turns = 0 });
    }

    public LoadResult Run(LoadPlan plan)
    {
        var pool = new SessionPool(_clients[0], plan);
        var expected = plan.Turns > 0 ? plan.Turns : _turnsPerSecond * plan.Duration * 2;
        pool.Add(SessionPool.Create(doors[0], plan.Sessions + (int)(expected / plan.TurnsPerSession), plan.Model));

        var workers = Enumerable.Range(0, plan.Concurrency).Select(i => new Worker(i, _clients[i % _clients.Length], plan, pool)).ToArray();
        var spent = Spent();
        var cpu = Cpu();
        var start = Clock.Now;
        var deadline = start + (long)(plan.Duration * Clock.Frequency);
        Crew.Run(plan.Concurrency, i => workers[i].Work(plan.Turns > 0 ? long.MaxValue : deadline));
        var seconds = Clock.Milliseconds(Clock.Now - start) / 1000;
        var cpuAfter = Cpu();
        var spentAfter = Spent();

        var timings = workers.SelectMany(worker => worker.Timings).ToArray();
        _turnsPerSecond = Math.Max(timings.Length / seconds, 1);
        return new LoadResult
        {
            Turns = timings.Length,
            Errors = workers.Sum(worker => worker.Errors),
            FirstError = workers.Select(worker => worker.FirstError).FirstOrDefault(error => error is not null),
            Seconds = seconds,
            Turn = new Distribution(timings.Select(timing => timing.Done - timing.Start)),
            FirstByte = new Distribution(timings.Select(timing => timing.FirstByte - timing.Start)),
            FirstFrame = new Distribution(timings.Select(timing => timing.FirstFrame - timing.Start)),
            ServerCpuMs = cpuAfter.Server - cpu.Server,
            ModelCpuMs = cpuAfter.Model - cpu.Model,
            RunnerCpuMs = cpuAfter.Runner - cpu.Runner,
            PeakMb = doors.Sum(door => ProcessFigures.PeakMb(door.ProcessId)),
            LateSessions = pool.Late,
            Spent = spentAfter.ToDictionary(meter => meter.Key, meter => meter.Value - spent[meter.Key]),
        };
    }

    private (double Server, double Model, double Runner) Cpu() =>
        (doors.Sum(door => ProcessFigures.CpuMs(door.ProcessId)), ProcessFigures.CpuMs(model?.ProcessId ?? 0), ProcessFigures.CpuMs(Environment.ProcessId));

    private Dictionary<string, double> Spent() => meters is null ? [] : meters.ToDictionary(meter => meter.Key, meter => meter.Value());

    /// <summary>One connection and the sessions that are its own.</summary>
    private sealed class Worker(int number, ApiClient client, LoadPlan plan, SessionPool pool)
    {
        private readonly byte[]?[] _requests = new byte[Math.Max(1, (plan.Sessions - number + plan.Concurrency - 1) / plan.Concurrency)][];
        private readonly int[] _turns = new int[Math.Max(1, (plan.Sessions - number + plan.Concurrency - 1) / plan.Concurrency)];

        public List<TurnTiming> Timings { get; } = new(16 * 1024);

        public int Errors { get; private set; }

        public string? FirstError { get; private set; }

        public void Work(long deadline)
        {
            var turnsLeft = plan.Turns > 0 ? (plan.Turns / plan.Concurrency) + (number < plan.Turns % plan.Concurrency ? 1 : 0) : int.MaxValue;
            while (turnsLeft > 0 && Clock.Now < deadline && Errors < MaxErrorsPerWorker)
            {
                try
                {
                    using var connection = client.Connect();
                    WorkOver(connection, deadline, ref turnsLeft);
                }
                catch (Exception exception) when (exception is IOException or SocketException)
                {
                    Fail(exception.Message);
                    turnsLeft--;
                }
            }
        }

        private void WorkOver(HttpConnection connection, long deadline, ref int turnsLeft)
        {
            var turns = new TurnClient(connection);
            for (var slot = 0; turnsLeft > 0 && Clock.Now < deadline && Errors < MaxErrorsPerWorker; slot = (slot + 1) % _requests.Length)
            {
                if (_requests[slot] is null || _turns[slot] == plan.TurnsPerSession)
                {
                    _requests[slot] = pool.Take(connection);
                    _turns[slot] = 0;
                }

                _turns[slot]++;
                var timing = plan.Stream ? turns.Stream(_requests[slot]!) : turns.Send(_requests[slot]!);
                turnsLeft--;
                if (timing.Failed)
                    Fail("A turn was refused, had no text or no end.");
                else
                    Timings.Add(timing);
            }
        }

        private void Fail(string message)
        {
            Errors++;
            FirstError ??= message;
        }
    }
}
