using System.Globalization;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Memory;

namespace OpenClaw.Benchmarks.Memory;

/// <summary>A namespace of many entries: how long a search, a store and the first call after a restart take, and what memory it all takes.</summary>
internal static class SpeedRun
{
    private const string Namespace = "large";
    private const int Searches = 1000;
    private const int Stores = 300;
    private const int ImportPiece = 2000;

    /// <summary>Words in the way of a language: few are everywhere, most are rare (Zipf).</summary>
    private const int Vocabulary = 20_000;

    private static readonly string Characters = string.Concat(Enumerable.Range(0x4e00, 2500).Select(code => (char)code));

    public static async Task RunAsync(int entries, string? postgres)
    {
        var directory = Directory.CreateTempSubdirectory("openclaw-bench-").FullName;
        var name = $"{Namespace}-{Guid.NewGuid():n}";
        var random = new Random(7);
        await using (var silo = await MemorySilo.StartAsync(directory, postgres))
        {
            var begin = TimeProvider.System.GetTimestamp();
            for (var first = 0; first < entries; first += ImportPiece)
            {
                var piece = new List<StoreMemory>();
                for (var index = first; index < Math.Min(entries, first + ImportPiece); index++) piece.Add(Entry(index, random));
                var imported = await silo.Memory(name).Import(new ImportMemory { Entries = piece }, CancellationToken.None);
                if (imported.Problem is { } problem) throw new InvalidOperationException(problem.Reason?.English);
            }

            Report($"import of {entries} entries", [TimeProvider.System.GetElapsedTime(begin)]);
        }

        await using (var silo = await MemorySilo.StartAsync(directory, postgres))
        {
            var memory = silo.Memory(name);
            // Orleans, the database's connections and the code itself are warm; the namespace is not.
            await silo.Memory("warm").Store(Entry(0, random), CancellationToken.None);
            await SearchAsync(silo.Memory("warm"), "warm");
            Report("activation and first read", [await TimeAsync(() => memory.Get("entry-1", CancellationToken.None))]);
            Report("first search", [await TimeAsync(() => SearchAsync(memory, Query(random)))]);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await MeasureAsync("search, words by their frequency", Searches, () => SearchAsync(memory, Query(random)));
            await MeasureAsync("search, words that are everywhere", Searches / 5, () => SearchAsync(memory, $"{Word(0)} {Word(1)} {Word(2)}"));
            await MeasureAsync("search, a slip in a rare word", Searches / 5, () => SearchAsync(memory, Word(random.Next(5000, Vocabulary)).Remove(3, 1)));
            await MeasureAsync("search, words that are nowhere", Searches / 5, () => SearchAsync(memory, $"qqx{random.Next(9999)}zz wwq{random.Next(9999)}kk"));
            await MeasureAsync("search, Chinese", Searches / 5, () => SearchAsync(memory, Chinese(random, 6)));
            await MeasureAsync("store", Stores, () => memory.Store(Entry(entries + random.Next(1000), random), CancellationToken.None));
            await MeasureAsync("search while storing", Searches / 5, async () =>
            {
                var store = memory.Store(Entry(entries + random.Next(1000), random), CancellationToken.None);
                await SearchAsync(memory, Query(random));
                return await store;
            });
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"managed memory more than before: {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0 / 1024:0.0} MiB"));
        }

        Directory.Delete(directory, recursive: true);
    }

    private static Task<MemorySearchResult> SearchAsync(IMemoryNamespaceGrain memory, string query) =>
        memory.Search(new SearchMemory { Query = query, Limit = 10 }, CancellationToken.None);

    private static StoreMemory Entry(int index, Random random) => new()
    {
        Key = $"entry-{index}",
        Value = JsonPayload.From($$"""{"text":"{{string.Join(' ', Enumerable.Range(0, 25).Select(_ => Word(Zipf(random))))}}","中文":"{{Chinese(random, 20)}}","number":{{index}}}"""),
        Metadata = JsonPayload.From($$"""{"category":"c{{index % 20}}"}"""),
        Source = MemorySilo.Source,
    };

    private static string Query(Random random) => string.Join(' ', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Word(Zipf(random))));

    private static string Chinese(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => Characters[Zipf(random) % Characters.Length]));

    private static int Zipf(Random random) => (int)Math.Min(Vocabulary - 1, Math.Pow(Vocabulary, random.NextDouble()) - 1);

    private static string Word(int rank)
    {
        var letters = new char[7];
        var seed = unchecked((uint)(rank * 2654435761));
        for (var index = 0; index < letters.Length; index++)
        {
            letters[index] = (index % 2 == 0 ? "bdfgklmnprstvz" : "aeiouy")[(int)(seed % (index % 2 == 0 ? 14u : 6u))];
            seed = unchecked((seed / 5) + (seed * 31));
        }

        return new string(letters);
    }

    private static async Task MeasureAsync<T>(string what, int times, Func<Task<T>> act)
    {
        var taken = new List<TimeSpan>();
        for (var count = 0; count < times; count++) taken.Add(await TimeAsync(act));
        Report(what, taken);
    }

    private static async Task<TimeSpan> TimeAsync<T>(Func<Task<T>> act)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await act();
        return TimeProvider.System.GetElapsedTime(begin);
    }

    private static void Report(string what, List<TimeSpan> taken)
    {
        taken.Sort();
        Console.WriteLine(taken.Count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"| {what} | {taken[0].TotalMilliseconds:0.0} ms | |")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"| {what} | p50 {taken[taken.Count / 2].TotalMilliseconds:0.0} ms | p99 {taken[taken.Count * 99 / 100].TotalMilliseconds:0.0} ms |"));
    }
}
