namespace OpenClaw.Benchmarks.LoadRunner.Limits;

/// <summary>A row of <c>session_event</c>, its seqs counted from the begin of its turn.</summary>
internal sealed record EventRow(long SeqFrom, long SeqTo, int Kind, int Listed, byte[] Payload);
