using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Samples.Registry;

/// <summary>The registry as a web application.</summary>
internal static class RegistryHost
{
    private const string DefaultUrl = "http://127.0.0.1:4000";

    /// <param name="folder">Holds the skills; see <see cref="SkillCatalog"/>.</param>
    /// <param name="args">ASP.NET's own, such as <c>--urls</c>.</param>
    public static WebApplication Build(string folder, string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey])) builder.WebHost.UseUrls(DefaultUrl);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        });
        var app = builder.Build();
        app.MapRegistryApi(new SkillCatalog(folder));
        return app;
    }
}
