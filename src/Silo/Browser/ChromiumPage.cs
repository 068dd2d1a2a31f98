using System.Text.Json;
using Microsoft.Playwright;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Browser;

namespace OpenClaw.Silo.Browser;

/// <summary>A page, and what is done with it beyond what the driver does by itself.</summary>
internal sealed class ChromiumPage(IPage page)
{
    private const int MaxMessageLength = 1000;

    /// <summary>Of the page's elements and text as HTML, in characters; a snapshot of more would be made, and then cut.</summary>
    private const int MaxSnapshotSource = 16 * 1024 * 1024;

    /// <summary>How the answer of <see cref="Evaluate"/> begins when the script threw; else with <c>+</c>.</summary>
    private const char Threw = '-';

    /// <summary>
    /// Runs a script: as an expression, which may await; as statements, whose last one is the value; or as the body of an async
    /// function, when it awaits or returns. Its end is made text in the page, so that only what is short enough leaves it, whatever
    /// meaning the page has given to what is used for that: the script is handed over as a string, so it cannot leave the function; its
    /// value is awaited in here; and what the protocol awaits is no promise, whose <c>then</c> is the page's.
    /// </summary>
    private const string Evaluate =
        """
        (script, mostValue, mostMessage) => {
          const run = async () => {
            const form = text => { try { return (0, eval)(text); } catch { } };
            const expression = form("(async () => (\n" + script.replace(/[\s;]+$/, "") + "\n))");
            if (expression) return expression();
            const body = form("(async () => {\n" + script + "\n})");
            if (body && script.includes("await")) return body();
            try {
              return (0, eval)(script);
            } catch (thrown) {
              if (body && thrown instanceof SyntaxError && thrown.message === "Illegal return statement") return body();
              throw thrown;
            }
          };
          const write = async running => {
            try {
              const value = await running;
              let text;
              try { text = JSON.stringify(value); } catch { }
              return typeof text !== "string" ? "+null" : text.length > mostValue ? "+" : "+" + text;
            } catch (thrown) {
              let text = "";
              try { text = thrown instanceof Error ? thrown.name + ": " + thrown.message : String(thrown); } catch { }
              if (typeof text === "string" && text.length > mostMessage) text = text.slice(0, mostMessage);
              return "-" + text;
            }
          };
          const running = run();
          return {
            __proto__: null,
            then: async done => {
              const text = await write(running);
              done(typeof text === "string" && text.length <= mostValue + 1 ? text : "+");
            },
          };
        }
        """;

    /// <summary>How much a snapshot may have to tell: markup, what fields hold, what shadow roots and frames of the same site hold.</summary>
    private const string Measure =
        """
        (() => {
          const within = root => {
            let length = 0;
            for (const element of root.querySelectorAll("*")) {
              if (typeof element.value === "string") length += element.value.length;
              if (element.shadowRoot) length += element.shadowRoot.innerHTML.length + within(element.shadowRoot);
              if (element.contentDocument) length += whole(element.contentDocument);
            }
            return length;
          };
          const whole = page => (page.documentElement?.outerHTML.length ?? 0) + within(page);
          return Math.min(whole(document), 0x7fffffff);
        })()
        """;

    private static readonly JsonPayload Null = JsonPayload.From("null");

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<ICDPSession>? _session;
    private Task _listening = Task.CompletedTask;
    private Navigation? _navigation;
    private volatile bool _left;

    public IPage Page => page;

    public bool HasCrashed { get; private set; }

    /// <summary>Completes when it has closed or crashed: what is asked of it then is never answered.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Hears of what the driver tells of the page. Nothing that is heard may throw: the driver would be lost.</summary>
    public void Listen()
    {
        page.FrameNavigated += (_, frame) =>
        {
            if (frame.ParentFrame is null) _navigation?.Ended.TrySetResult(true);
        };
        page.Close += (_, _) =>
        {
            if (!_left) _gone.TrySetResult();
        };
    }

    /// <summary>Another takes its place: whoever uses the context goes on with that one, and this one's end is none to them.</summary>
    public void Leave() => _left = true;

    public void Crash()
    {
        HasCrashed = true;
        _gone.TrySetResult();
    }

    /// <summary>Forgets where it was on its way to, so that what begins next is told apart.</summary>
    public async Task StayAsync()
    {
        await SessionAsync();
        await _listening;
        _navigation = null;
    }

    /// <summary>Waits for a page that has begun to go elsewhere.</summary>
    /// <returns>False when it stayed after all, as when the address gave a file.</returns>
    /// <exception cref="TimeoutException">It is still on its way.</exception>
    public async Task<bool> ArriveAsync(TimeSpan most)
    {
        if (_navigation is not { } navigation) return true;
        if (!await navigation.Ended.Task.WaitAsync(most)) return false;
        await page.WaitForLoadStateAsync(LoadState.Load, new PageWaitForLoadStateOptions { Timeout = (float)most.TotalMilliseconds });
        return true;
    }

    /// <summary>How many pages its context has in the browser, those included that the driver has not told of yet.</summary>
    public async Task<int> CountPagesAsync()
    {
        var own = await ContextIdAsync();
        return (await SendAsync("Target.getTargets")).GetProperty("targetInfos").EnumerateArray().Count(target =>
            target.GetProperty("type").ValueEquals("page") && target.TryGetProperty("browserContextId", out var context) && context.ValueEquals(own));
    }

    /// <summary>Whether its process answers.</summary>
    public async Task<bool> AnswersAsync()
    {
        try
        {
            await SendAsync("Runtime.evaluate", ("expression", "1")).WaitAsync(AnswerTime);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (PlaywrightException)
        {
            // It goes elsewhere.
            return true;
        }
    }

    /// <summary>As the browser knows it, whatever the page says and whether it answers or not; empty for a page without one.</summary>
    public async Task<string> TitleAsync()
    {
        var info = await TargetAsync();
        var (title, url) = (info.GetProperty("title").GetString() ?? "", info.GetProperty("url").GetString() ?? "");
        // For want of a title the browser shows the address, or what is left of it without its scheme.
        return url.EndsWith(title, StringComparison.Ordinal) || url.TrimEnd('/').EndsWith(title, StringComparison.Ordinal) ? "" : title;
    }

    /// <summary>The browser's own name of the context.</summary>
    public async Task<string> ContextIdAsync() =>
        (await TargetAsync()).GetProperty("browserContextId").GetString()!;

    /// <exception cref="BrowserException">The script threw, took too long, or its value is too long.</exception>
    public async Task<JsonPayload> EvaluateAsync(string script, int timeout)
    {
        var ended = EvaluateInTimeAsync(script, timeout);
        try
        {
            return await ended.WaitAsync(TimeSpan.FromMilliseconds(timeout));
        }
        catch (TimeoutException failure)
        {
            // A page that only waits goes on.
            if (await AnswersAsync()) throw new BrowserException(Problem.Invalid("timeout", BrowserReasons.ScriptTime(timeout)), failure);
            throw;
        }
        catch (PlaywrightException failure) when (!HasCrashed && !page.IsClosed)
        {
            // The protocol tells of a script that it ended only that it did not end well.
            throw new BrowserException(
                failure.Message.Contains("Internal error", StringComparison.Ordinal) || failure.Message.Contains("terminated", StringComparison.Ordinal)
                    ? Problem.Invalid("timeout", BrowserReasons.ScriptTime(timeout))
                    : Problem.Invalid("script", BrowserReasons.WentElsewhere),
                failure);
        }
    }

    /// <exception cref="BrowserException">The page is too large, or its tree is not there in time.</exception>
    public async Task<string> TakeSnapshotAsync(int timeout)
    {
        // In a world of its own, in which the page has not changed what things mean.
        var frame = (await TargetAsync()).GetProperty("targetId").GetString()!;
        var world = (await SendAsync("Page.createIsolatedWorld", ("frameId", frame))).GetProperty("executionContextId").GetInt32();
        var measured = await SendAsync("Runtime.evaluate", ("expression", Measure), ("contextId", world), ("returnByValue", true), ("timeout", timeout));
        if (!measured.GetProperty("result").TryGetProperty("value", out var length) || length.GetInt32() > MaxSnapshotSource)
            throw new BrowserException(Problem.Conflict(BrowserReasons.TooLargeForSnapshot));
        try
        {
            // Frames that do not load in this time are left out.
            return await page.AriaSnapshotAsync(new PageAriaSnapshotOptions { Mode = AriaSnapshotMode.Ai, Timeout = timeout });
        }
        catch (TimeoutException failure)
        {
            if (!await AnswersAsync()) throw;
            throw new BrowserException(Problem.Conflict(BrowserReasons.TooLargeForSnapshot), failure);
        }
    }

    public async Task<byte[]> TakePictureAsync(bool fullPage)
    {
        if (fullPage)
        {
            var size = (await SendAsync("Page.getLayoutMetrics")).GetProperty("cssContentSize");
            var (width, height) = (size.GetProperty("width").GetDouble(), size.GetProperty("height").GetDouble());
            var (mostWidth, mostHeight) = MostOf(width);
            if (width > mostWidth || height > mostHeight)
            {
                var clip = new { x = 0, y = 0, width = Math.Min(width, mostWidth), height = Math.Min(height, mostHeight), scale = 1 };
                return (await SendAsync("Page.captureScreenshot", ("format", "png"), ("captureBeyondViewport", true), ("clip", clip))).GetProperty("data").GetBytesFromBase64();
            }
        }

        return await page.ScreenshotAsync(new PageScreenshotOptions { FullPage = fullPage, Animations = ScreenshotAnimations.Disabled });
    }

    public async Task<byte[]> TakeElementAsync(string selector, int timeout)
    {
        var element = page.Locator("css=" + selector).First;
        try
        {
            var box = await element.BoundingBoxAsync(new LocatorBoundingBoxOptions { Timeout = timeout });
            if (box is null || box.Width < 1 || box.Height < 1) throw new BrowserException(Problem.Invalid("selector", BrowserReasons.NothingSelected));
            if (MostOf(box.Width) is var (mostWidth, mostHeight) && (box.Width > mostWidth || box.Height > mostHeight)) throw new BrowserException(Problem.Invalid("selector", BrowserReasons.PictureTooLarge));
            return await element.ScreenshotAsync(new LocatorScreenshotOptions { Timeout = timeout, Animations = ScreenshotAnimations.Disabled });
        }
        catch (TimeoutException failure)
        {
            throw new BrowserException(Problem.Invalid("selector", BrowserReasons.NothingSelected), failure);
        }
        catch (PlaywrightException failure) when (failure.Message.Contains("selector", StringComparison.OrdinalIgnoreCase) || failure.Message.Contains("Unexpected token", StringComparison.Ordinal))
        {
            throw new BrowserException(Problem.Invalid("selector", BrowserReasons.NoSelector), failure);
        }
    }

    /// <exception cref="BrowserException">The element is not there, or not fit for it.</exception>
    public async Task ActAsync(ActOnPage request, int timeout)
    {
        await StayAsync();
        var element = request.Ref is { } name ? await FindAsync(name) : null;
        try
        {
            switch (request.Action)
            {
                case PageAction.Click:
                    await element!.ClickAsync(new LocatorClickOptions { Timeout = timeout });
                    break;
                case PageAction.Type:
                    await element!.FillAsync(request.Text!, new LocatorFillOptions { Timeout = timeout });
                    break;
                case PageAction.Press when element is not null:
                    await element.PressAsync(request.Key!, new LocatorPressOptions { Timeout = timeout });
                    break;
                case PageAction.Press:
                    await page.Keyboard.PressAsync(request.Key!);
                    break;
                case PageAction.Select:
                    await element!.SelectOptionAsync(request.Value!, new LocatorSelectOptionOptions { Timeout = timeout });
                    break;
                case PageAction.Hover:
                    await element!.HoverAsync(new LocatorHoverOptions { Timeout = timeout });
                    break;
            }
        }
        catch (TimeoutException failure)
        {
            throw new BrowserException(ProblemOf(request.Action, failure.Message), failure);
        }
        catch (PlaywrightException failure) when (failure.Message.Contains("Unknown key", StringComparison.Ordinal))
        {
            throw new BrowserException(Problem.Invalid("key", BrowserReasons.NoKey), failure);
        }
        catch (PlaywrightException failure) when (failure.Message.Contains("Element is not", StringComparison.Ordinal))
        {
            throw new BrowserException(Problem.Invalid("ref", BrowserReasons.WrongElement), failure);
        }
    }

    private async Task<ILocator> FindAsync(string name)
    {
        var element = page.GetByRef(name);
        try
        {
            if (await element.CountAsync() > 0) return element;
        }
        catch (PlaywrightException) when (!page.IsClosed && !HasCrashed)
        {
            // Not even the frame that it was in.
        }

        throw new BrowserException(Problem.Invalid("ref", BrowserReasons.UnknownRef));
    }

    private static Problem ProblemOf(PageAction action, string log) =>
        action is PageAction.Select && log.Contains("did not find some options", StringComparison.Ordinal) ? Problem.Invalid("value", BrowserReasons.NoOption)
        : Problem.Invalid("ref", log.Contains("intercepts pointer events", StringComparison.Ordinal) ? BrowserReasons.Covered
            : log.Contains("not visible", StringComparison.Ordinal) ? BrowserReasons.Invisible
            : log.Contains("not enabled", StringComparison.Ordinal) ? BrowserReasons.Disabled
            : BrowserReasons.NotReady);

    private async Task<JsonPayload> EvaluateInTimeAsync(string script, int timeout)
    {
        await StayAsync();
        var ended = await SendAsync(
            "Runtime.evaluate",
            ("expression", $"({Evaluate})({JsonSerializer.Serialize(script)}, {ScriptResult.MaxLength}, {MaxMessageLength})"),
            ("awaitPromise", true), ("userGesture", true), ("timeout", timeout));
        return ended.GetProperty("result").TryGetProperty("value", out var answer) && answer.ValueKind is JsonValueKind.String && answer.GetString() is { Length: > 0 } text
            ? text[0] == Threw ? throw Failed(text[1..])
                : text.Length == 1 ? throw new BrowserException(Problem.Invalid("script", BrowserReasons.ValueTooLong))
                : Payload(text[1..])
            : throw Failed("");
    }

    /// <summary>A page may have given JSON.stringify another meaning, so what it wrote is read before it is passed on.</summary>
    private static JsonPayload Payload(string json)
    {
        if (json.Length > ScriptResult.MaxLength) throw new BrowserException(Problem.Invalid("script", BrowserReasons.ValueTooLong));
        try
        {
            using var document = JsonDocument.Parse(json);
            return JsonPayload.From(json);
        }
        catch (JsonException)
        {
            return Null;
        }
    }

    /// <summary>How large a picture of such a width may be: within its sides, and within its pixels.</summary>
    private static (double Width, double Height) MostOf(double width)
    {
        var most = Math.Min(width, PageImage.MaxHeight);
        return (most, Math.Min(PageImage.MaxHeight, Math.Floor(PageImage.MaxPixels / Math.Max(1, most))));
    }

    private static BrowserException Failed(string message) => new(Problem.Invalid("script", message.Length > 0 ? BrowserReasons.Thrown(message) : BrowserReasons.ThrownSilently));

    private async Task<JsonElement> SendAsync(string method, params (string Name, object Value)[] arguments)
    {
        var session = await SessionAsync();
        return await session.SendAsync(method, arguments.ToDictionary(argument => argument.Name, argument => argument.Value)) ?? default;
    }

    /// <summary>What the browser knows of the page, whether its process answers or not.</summary>
    private async Task<JsonElement> TargetAsync() => (await SendAsync("Target.getTargetInfo")).GetProperty("targetInfo");

    private Task<ICDPSession> SessionAsync() => _session is { IsFaulted: false } session ? session : _session = ListenCloselyAsync();

    /// <summary>
    /// A session of its own with the page's process, which tells of a navigation that the page asks for before it answers what
    /// is asked afterwards; the driver tells of it when the network has begun.
    /// </summary>
    private async Task<ICDPSession> ListenCloselyAsync()
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        var info = await session.SendAsync("Target.getTargetInfo");
        var frame = info!.Value.GetProperty("targetInfo").GetProperty("targetId").GetString();
        Hear("Page.frameRequestedNavigation", told => Is(told, "frameId") && told.GetProperty("disposition").ValueEquals("currentTab"), () => _navigation ??= new Navigation());
        Hear("Page.frameStartedNavigating", told => Is(told, "frameId"), () => _navigation ??= new Navigation());
        // One that came there has told of it before.
        Hear("Page.frameStoppedLoading", told => Is(told, "frameId"), () => _navigation?.Ended.TrySetResult(false));
        // The page's process answers this, or does not: whoever needs it waits for it.
        _listening = session.SendAsync("Page.enable");
        return session;

        bool Is(JsonElement told, string name) => told.TryGetProperty(name, out var of) && of.ValueEquals(frame);

        void Hear(string name, Func<JsonElement, bool> isMeant, Action then) =>
            session.Event(name).OnEvent += (_, told) =>
            {
                if (told is { } element && isMeant(element)) then();
            };
    }

    /// <summary>A way of the page elsewhere; its end says whether it came there.</summary>
    private sealed class Navigation
    {
        public TaskCompletionSource<bool> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
