using OpenClaw.WebFrontend.OpenApi;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>
/// <c>/docs/events</c>: signs the browser in, runs the API reference's example as it stands, with this server's address in
/// place of the example's, and shows what comes.
/// </summary>
internal static class EventsPage
{
    private const string Policy =
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static readonly ReadOnlyMemory<byte> Page =
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>OpenClaw events</title>
        <style>
        body{font:16px/1.6 system-ui,sans-serif;margin:4rem auto;max-width:48rem;padding:0 1rem}
        pre{background:#f4f4f4;overflow:auto;padding:1rem;font-size:14px;line-height:1.4}
        input{font:inherit;width:24rem;max-width:100%}
        button{font:inherit}
        </style>
        <h1>Events</h1>
        <p>What happens to your tenant, as it happens. Sign in with an API key; the browser keeps a cookie for twelve hours, not the key.</p>
        <form id="login">
        <input id="key" type="password" autocomplete="off" aria-label="API key" placeholder="API key" required>
        <button>Sign in</button>
        <button id="logout" type="button">Sign out</button>
        </form>
        <p id="state" role="status">Not connected.</p>
        <h2>What runs</h2>
        <pre id="example">const ws = new WebSocket('ws://localhost:3000/ws')

        ws.onopen = () => {
          ws.send(JSON.stringify({
            type: 'subscribe',
            channels: ['messages', 'tasks']
          }))
        }

        ws.onmessage = (event) => {
          const data = JSON.parse(event.data)
          console.log('Received:', data)
        }
        </pre>
        <h2>What came</h2>
        <pre id="received"></pre>
        <script>
        (() => {
          const find = (id) => document.getElementById(id)
          const here = location.origin.replace('http', 'ws')
          const example = find('example')
          example.textContent = example.textContent.replace('ws://localhost:3000', here)
          const log = console.log
          console.log = (...values) => {
            log(...values)
            const line = values.map((value) => typeof value === 'string' ? value : JSON.stringify(value)).join(' ')
            find('received').prepend(line + '\n')
          }
          const post = (path, headers) => fetch(path, { method: 'POST', headers })
          find('login').onsubmit = async (event) => {
            event.preventDefault()
            const answer = await post('/api/console/login', { 'X-API-Key': find('key').value.trim() })
            find('key').value = ''
            if (!answer.ok) {
              find('state').textContent = (await answer.json()).error.message
              return
            }
            find('login').querySelector('button').disabled = true
            find('state').textContent = 'Connected.'
            const script = document.createElement('script')
            script.textContent = example.textContent
            document.body.append(script)
          }
          find('logout').onclick = async () => {
            await post('/api/console/logout')
            location.reload()
          }
        })()
        </script>
        </html>
        """u8.ToArray();

    public static IEndpointRouteBuilder MapEventsPage(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/docs/events", [HttpMethods.Get], static http => DocsApi.WritePageAsync(http, Page, Policy));
        return routes;
    }
}
