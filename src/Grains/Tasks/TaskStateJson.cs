using System.Text.Json.Serialization;
using OpenClaw.Grains.Sessions.State;

namespace OpenClaw.Grains.Tasks;

/// <summary>What the rows of runs hold as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemState))]
internal sealed partial class TaskStateJson : JsonSerializerContext;
