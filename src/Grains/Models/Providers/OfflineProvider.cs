using Microsoft.Extensions.AI;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Models.Calls;
using OpenClaw.Grains.Scheduling;

namespace OpenClaw.Grains.Models.Providers;

/// <summary>The built-in model.</summary>
internal sealed class OfflineProvider(IChatClient client, ProviderCircuits circuits, FairQueue slots) : ModelProvider(circuits, slots)
{
    public override string Name => ModelRouter.Offline;

    public override LocalizedText Title { get; } = new("the built-in model", "内置模型");

    public override string KeySetting => ModelProviderOptions.DefaultModelSetting;

    public override string AddressSetting => ModelProviderOptions.DefaultModelSetting;

    public override IChatClient ClientFor(string model) => client;

    public override ChatOptions? OptionsFor(string model, ModelRequest request) =>
        request.Tools.Count == 0 ? null : new ChatOptions { Tools = ToolDeclaration.ListOf(request.Tools) };

    public override AnswerReader ReadAnswer() => new();
}
