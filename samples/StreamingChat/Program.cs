// A chat in the terminal that survives the server: it notes the last frame it saw and, when the connection breaks, asks
// for the rest. Kill the server in the middle of an answer, start it again, and watch the answer go on.
//
//   dotnet run --project samples/StreamingChat -- http://localhost:3000 "$(cat data/admin-key)"

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

if (args is not [var server, var key])
{
    Console.Error.WriteLine("usage: StreamingChat <server> <api key>");
    return 2;
}

using var http = new HttpClient { BaseAddress = new Uri(server), Timeout = Timeout.InfiniteTimeSpan };
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
var created = await http.PostAsJsonAsync("/api/sessions", new { title = "A chat in the terminal" });
created.EnsureSuccessStatusCode();
var session = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sessionId").GetString();

for (long lastSeq = 0; ;)
{
    Console.Write("\n> ");
    if (Console.ReadLine() is not { Length: > 0 } line) return 0;

    // The same key on every attempt: however often it is sent, the message is accepted once.
    var idempotencyKey = Guid.NewGuid().ToString();
    for (var done = false; !done;)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/sessions/{session}/messages/stream");
            request.Headers.Add("Idempotency-Key", idempotencyKey);
            request.Content = JsonContent.Create(new { content = line });
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            response.EnsureSuccessStatusCode();
            done = await ShowAsync(response);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            Console.Write($"\n[{failure.Message} Trying again ...]\n");
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    // True when the turn has ended. Frames that were shown before the connection broke are left out.
    async Task<bool> ShowAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var seq = lastSeq;
        while (await reader.ReadLineAsync() is { } received)
        {
            if (received.StartsWith("id: ", StringComparison.Ordinal))
            {
                seq = long.Parse(received.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture);
            }
            else if (received.StartsWith("data: ", StringComparison.Ordinal) && seq > lastSeq)
            {
                lastSeq = seq;
                var frame = JsonElement.Parse(received[6..]);
                switch (frame.GetProperty("type").GetString())
                {
                    case "text" or "code":
                        Console.Write(frame.GetProperty("content").GetString());
                        break;
                    case "status":
                        Console.Write($"\n[{frame.GetProperty("status").GetString()}]\n");
                        break;
                    case "error":
                        Console.Write($"\n[{frame.GetProperty("error").GetProperty("message").GetString()}]\n");
                        return true;
                    case "done":
                        return true;
                }
            }
        }

        return false;
    }
}
