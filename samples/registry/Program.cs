// A skill registry over a folder, for trying installs and testing them:
//   dotnet run -c Release --project samples/registry [folder] [--urls http://127.0.0.1:4000]

using OpenClaw.Samples.Registry;

var folder = args.FirstOrDefault(argument => !argument.StartsWith('-')) ?? Path.Combine(AppContext.BaseDirectory, "skills");
await using var app = RegistryHost.Build(folder, args);
await app.RunAsync();
