using System.Globalization;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Memory;

namespace OpenClaw.Benchmarks.Memory;

/// <summary>How often the labelled queries find what they are to find: recall among the first and the first five, and the mean reciprocal rank.</summary>
internal static class RecallRun
{
    private const string Namespace = "recall";
    private const int Looked = 10;

    private static readonly string[] Languages = ["zh", "en", "ja", "mixed"];
    private static readonly string[] Kinds = ["exact", "partial", "paraphrase", "typo"];
    private static readonly JsonSerializerOptions Reading = new() { PropertyNameCaseInsensitive = true };

    public static async Task RunAsync(bool verbose)
    {
        var (url, model) = (Environment.GetEnvironmentVariable("EMBEDDINGS_BASE_URL"), Environment.GetEnvironmentVariable("EMBEDDINGS_MODEL"));
        await MeasureAsync("text", verbose);
        await using var standIn = url is null ? await StandInEmbeddings.StartAsync() : null;
        await MeasureAsync(
            url is null ? "hybrid, vectors of letters (a stand-in that knows no meaning)" : $"hybrid, {model}",
            verbose,
            ("OpenClaw:Memory:Embeddings:Model", model ?? "stand-in"),
            ("OpenClaw:Memory:Embeddings:BaseUrl", url ?? standIn!.BaseUrl),
            ("OpenClaw:Memory:Embeddings:ApiKey", Environment.GetEnvironmentVariable("EMBEDDINGS_API_KEY")),
            ("OpenClaw:Memory:Embeddings:LeastSimilarity", Environment.GetEnvironmentVariable("EMBEDDINGS_LEAST") ?? "0.3"),
            ("OpenClaw:Memory:Embeddings:FullSimilarity", Environment.GetEnvironmentVariable("EMBEDDINGS_FULL") ?? "0.85"));
    }

    private static async Task MeasureAsync(string title, bool verbose, params (string Key, string? Value)[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("openclaw-bench-").FullName;
        await using (var silo = await MemorySilo.StartAsync(directory, null, settings))
        {
            var memory = silo.Memory(Namespace);
            var entries = Read<LabelledEntry>("entries.jsonl").Select(entry => new StoreMemory
            {
                Key = entry.Key,
                Value = JsonPayload.From(entry.Value.GetRawText()),
                Metadata = JsonPayload.From(entry.Metadata.GetRawText()),
                Source = MemorySilo.Source,
            }).ToList();
            var imported = await memory.Import(new ImportMemory { Entries = entries }, CancellationToken.None);
            if (imported.Problem is { } problem) throw new InvalidOperationException(problem.Reason?.English);
            // A search says while entries have no vectors yet.
            while (settings.Length > 0 && (await SearchAsync(memory, "anything")).Reason is not null) await Task.Delay(50);

            var ranks = new List<(LabelledQuery Query, int Rank)>();
            foreach (var query in Read<LabelledQuery>("queries.jsonl"))
            {
                var found = await SearchAsync(memory, query.Q);
                var rank = found.Hits.Select(hit => hit.Entry.Key).ToList().FindIndex(query.Expect.Contains) + 1;
                ranks.Add((query, rank));
                if (verbose && rank != 1)
                {
                    var hits = string.Join(" | ", found.Hits.Take(3).Select(hit => string.Create(CultureInfo.InvariantCulture, $"{hit.Entry.Key} {hit.Score:0.00}")));
                    Console.WriteLine($"{query.Language} {query.Kind} rank {rank}: {query.Q} -> {string.Join(',', query.Expect)}; got {hits}");
                }
            }

            Print(title, ranks);
        }

        Directory.Delete(directory, recursive: true);
    }

    private static Task<MemorySearchResult> SearchAsync(IMemoryNamespaceGrain memory, string query) =>
        memory.Search(new SearchMemory { Query = query, Limit = Looked }, CancellationToken.None);

    private static void Print(string title, List<(LabelledQuery Query, int Rank)> ranks)
    {
        Console.WriteLine($"\n{title}: recall@1 / recall@5 / MRR\n");
        Console.WriteLine($"| language | {string.Join(" | ", Kinds)} | all |\n|---|{string.Concat(Kinds.Select(_ => "---|"))}---|");
        foreach (var language in Languages.Append("all"))
        {
            var own = ranks.Where(item => language == "all" || item.Query.Language == language).ToList();
            Console.WriteLine($"| {language} | {string.Join(" | ", Kinds.Select(kind => Figures([.. own.Where(item => item.Query.Kind == kind)])))} | {Figures(own)} |");
        }
    }

    private static string Figures(List<(LabelledQuery Query, int Rank)> ranks) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Share(ranks, 1):0.00} / {Share(ranks, 5):0.00} / {ranks.Average(item => item.Rank == 0 ? 0 : 1.0 / item.Rank):0.00}");

    private static double Share(List<(LabelledQuery Query, int Rank)> ranks, int within) =>
        (double)ranks.Count(item => item.Rank > 0 && item.Rank <= within) / ranks.Count;

    private static List<T> Read<T>(string file) =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Recall", file)).Select(line => JsonSerializer.Deserialize<T>(line, Reading)!)];

    private sealed record LabelledEntry(string Language, string Key, JsonElement Value, JsonElement Metadata);

    private sealed record LabelledQuery(string Language, string Kind, string Q, string[] Expect);
}
