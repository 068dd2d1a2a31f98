using System.Text.Json.Serialization;

namespace OpenClaw.ModelServer;

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ModelRule[]))]
[JsonSerializable(typeof(RecordedRequest[]))]
internal sealed partial class ModelServerJson : JsonSerializerContext;
