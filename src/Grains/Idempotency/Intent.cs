using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Storage.Idempotency;

namespace OpenClaw.Grains.Idempotency;

/// <summary>A request that was begun under a key, as one activation knows it.</summary>
/// <param name="row">Its row in the store.</param>
/// <param name="request">The request that works under it; null when none that this activation knows.</param>
internal sealed class Intent(IdempotencyState row, Guid? request = null)
{
    private readonly TaskCompletionSource<IdempotencyClaim?> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IdempotencyState Row { get; } = row;

    public Guid? Request { get; } = request;

    /// <summary>What a repeated request is told, or null when the first was refused and the next may start.</summary>
    public Task<IdempotencyClaim?> Settled => _settled.Task;

    /// <summary>False when it was settled before.</summary>
    public bool TrySettle(IdempotencyClaim? claim) => _settled.TrySetResult(claim);

    public static Intent Settle(IdempotencyState row, IdempotencyClaim claim)
    {
        var intent = new Intent(row);
        intent.TrySettle(claim);
        return intent;
    }
}
