using OpenClaw.Samples.Cluster.Proxy;

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));

var app = builder.Build();
app.MapReverseProxy(proxy =>
{
    proxy.Use(RefusedConnections.TryAnotherAsync);
    proxy.UseLoadBalancing();
});
await app.RunAsync();
