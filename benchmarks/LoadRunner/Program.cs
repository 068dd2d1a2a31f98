using OpenClaw.Benchmarks.LoadRunner;
using OpenClaw.Benchmarks.LoadRunner.Scenarios;

const string usage = """
    LoadRunner <scenario> [options]

      load           drive a running server: --url http://127.0.0.1:3000 [--key KEY] [--pid PID]
      turns          turns/s, times and CPU at each concurrency: ours, durable proxy, bare proxy
      ttff           time to first frame, one turn at a time
      chunks         age of a chunk at its caller and at a watcher
      streams300     300 streams of 50 tokens/s at once, the server on one core
      idle-sessions  memory of idle and of activated sessions: [--count 200000] [--turn]
      sse10k         memory and CPU of open event streams: [--count 10000]
      sockets        memory and CPU of open WebSockets, and the time of an event to many: [--count 10000] [--subscribers 1000] [--messages 200]
      tasks          tasks that wait, and how late slots begin: [--count 100000] [--due 5000]
      start          start to /readyz against a bare silo's, also with many sessions: [--seed 100000]
      long           a turn of a session with many messages against one with few: [--messages 100000]
      postgres-turns turns/s on PostgreSQL against plain batched inserts of the same rows: [--writers 3]
      list           times of the list of sessions: [--seed 100000] [--databases postgres,sqlite]
      cold           first request and first message of sessions that are not in memory: [--count 2000] [--databases ...]
      hands          a file read against Kestrel's static files, a search of many files, a command against bubblewrap alone: [--files 10000]
      pages          a page opened against Playwright alone: [--opens 100]
      cluster        silos and front-ends against one process, on PostgreSQL: [--silos 3] [--frontends 2]

    Loads:     --concurrency 32,8,1  --sessions 64  --turns-per-session 20  --duration 5 | --turns N
               --warmup 8  --rounds 3  --no-stream  --model fast-t20
    Servers:   --server WebFrontend.dll  --data FOLDER  --targets ours,durable,bare
    """;

Action<CommandLine>? run = args.FirstOrDefault() switch
{
    "load" => LoadScenario.Run,
    "turns" => TurnsScenario.Run,
    "ttff" => FirstFrameScenario.Run,
    "chunks" => ChunksScenario.Run,
    "streams300" => ManyStreamsScenario.Run,
    "idle-sessions" => IdleSessionsScenario.Run,
    "sse10k" => OpenStreamsScenario.Run,
    "sockets" => SocketsScenario.Run,
    "tasks" => TasksScenario.Run,
    "start" => StartScenario.Run,
    "long" => LongSessionScenario.Run,
    "postgres-turns" => PostgresTurnsScenario.Run,
    "list" => SessionListScenario.Run,
    "cold" => ColdSessionScenario.Run,
    "hands" => HandsScenario.Run,
    "pages" => PagesScenario.Run,
    "cluster" => ClusterScenario.Run,
    _ => null,
};
if (run is null)
{
    Console.Error.WriteLine(usage);
    return 2;
}

try
{
    run(new CommandLine(args[1..]));
    return 0;
}
catch (Exception exception) when (exception is InvalidOperationException or IOException or ArgumentException)
{
    Console.Error.WriteLine($"{args[0]}: {exception.Message}");
    return 1;
}
