using Microsoft.Extensions.AI;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Models.Calls;
using OpenClaw.Grains.Scheduling;

namespace OpenClaw.Grains.Models.Providers;

/// <summary>One provider: its clients, how its answers are read, its circuits and its slots.</summary>
internal abstract class ModelProvider(ProviderCircuits circuits, FairQueue slots)
{
    /// <summary>The provider's name in metrics and traces, after OpenTelemetry's <c>gen_ai.provider.name</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Its name for people, to begin a sentence with.</summary>
    public abstract LocalizedText Title { get; }

    /// <summary>The setting that holds its key.</summary>
    public abstract string KeySetting { get; }

    /// <summary>The setting that holds its address.</summary>
    public abstract string AddressSetting { get; }

    public ProviderCircuits Circuits { get; } = circuits;

    /// <summary>Requests that this silo may have under way at once.</summary>
    public FairQueue Slots { get; } = slots;

    /// <summary>The provider as a tag of metrics.</summary>
    public KeyValuePair<string, object?> Tag => new("gen_ai.provider.name", Name);

    public abstract IChatClient ClientFor(string model);

    public abstract ChatOptions? OptionsFor(string model, ModelRequest request);

    public abstract AnswerReader ReadAnswer();
}
