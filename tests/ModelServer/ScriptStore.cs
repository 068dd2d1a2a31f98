namespace OpenClaw.ModelServer;

/// <summary>The script, what was asked, and who waits for it.</summary>
/// <param name="keepBodies">False keeps the requests without their bodies, for runs that are long.</param>
internal sealed class ScriptStore(bool keepBodies)
{
    private static readonly string[] Secrets = ["Authorization", "X-Api-Key", "Api-Key", "Cookie"];

    private readonly Lock _lock = new();
    private readonly List<(ModelRule Rule, int Used)> _rules = [];
    private readonly List<RecordedRequest> _requests = [];
    private readonly List<(int Count, bool Ended, TaskCompletionSource<RecordedRequest[]> Done)> _waiters = [];

    public void Add(IEnumerable<ModelRule> rules)
    {
        lock (_lock) _rules.AddRange(rules.Select(rule => (rule, 0)));
    }

    public void Reset()
    {
        lock (_lock)
        {
            _rules.Clear();
            _requests.Clear();
        }
    }

    public RecordedRequest[] Requests()
    {
        lock (_lock) return Copy();
    }

    public (RecordedRequest Record, ModelAnswer Answer) Accept(HttpRequest request, string body, AskedOfModel asked)
    {
        lock (_lock)
        {
            var record = new RecordedRequest
            {
                Number = _requests.Count + 1,
                Method = request.Method,
                Path = request.Path,
                Headers = request.Headers.ToDictionary(
                    header => header.Key,
                    header => Secrets.Contains(header.Key, StringComparer.OrdinalIgnoreCase) ? "(set)" : header.Value.ToString(),
                    StringComparer.OrdinalIgnoreCase),
                Body = keepBodies ? body : "",
                UserText = asked.UserText,
                Model = asked.Model,
                Streamed = asked.Stream,
                ReceivedAt = TimeProvider.System.GetUtcNow(),
            };
            _requests.Add(record);
            Release();
            return (record, Choose(asked, record.Number) ?? InMessageScript.Answer(asked));
        }
    }

    public void End(RecordedRequest record, string outcome)
    {
        lock (_lock)
        {
            record.EndedAt = TimeProvider.System.GetUtcNow();
            record.Outcome = outcome;
            Release();
        }
    }

    /// <summary>Completes when so many requests have arrived, or have ended.</summary>
    public Task<RecordedRequest[]> WaitAsync(int count, bool ended)
    {
        lock (_lock)
        {
            var done = new TaskCompletionSource<RecordedRequest[]>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, ended, done));
            Release();
            return done.Task;
        }
    }

    private ModelAnswer? Choose(AskedOfModel asked, int number)
    {
        for (var i = 0; i < _rules.Count; i++)
        {
            var (rule, used) = _rules[i];
            if (rule.Times is { } times && used >= times) continue;
            if (rule.Call is { } call && call != number) continue;
            if (rule.Model is { } model && model != asked.Model) continue;
            if (rule.UserContains is { } text && !asked.UserText.Contains(text, StringComparison.Ordinal)) continue;
            _rules[i] = (rule, used + 1);
            return rule.Answer;
        }

        return null;
    }

    private void Release()
    {
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            var (count, ended, done) = _waiters[i];
            var reached = ended ? _requests.Count(request => request.EndedAt is not null) : _requests.Count;
            if (reached < count) continue;
            _waiters.RemoveAt(i);
            done.SetResult(Copy());
        }
    }

    private RecordedRequest[] Copy() => [.. _requests.Select(request => request with { })];
}
