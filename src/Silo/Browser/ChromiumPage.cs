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

    /// <summary>
    /// Makes JSON of a value in the page, so that only what is short enough leaves it. A promise is awaited first.
    /// </summary>
    private const string Write =
        """
        async function (most) {
          const value = await this;
          let text;
          try { text = JSON.stringify(value); } catch { }
          return typeof text !== "string" ? "null" : text.length > most ? undefined : text;
        }
        """;

    private static readonly JsonPayload Null = JsonPayload.From("null");

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<ICDPSession>? _session;
    private Task _listening = Task.CompletedTask;
    private Navigation? _navigation;

    public IPage Page => page;

    public bool HasCrashed { get; private set; }

    /// <summary>Completes when it has closed or crashed: what is asked of it then is never answered.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Where the page itself was led to last, redirects included.</summary>
    public string LastNavigation { get; set; } = "";

    /// <summary>Hears of what the driver tells of the page.</summary>
    public void Listen()
    {
        page.Request += (_, request) =>
        {
            if (!request.IsNavigationRequest || request.Frame.ParentFrame is not null) return;
            LastNavigation = request.Url;
            _navigation ??= new Navigation();
        };
        page.RequestFailed += (_, request) =>
        {
            if (request.IsNavigationRequest && request.Frame.ParentFrame is null) _navigation?.Ended.TrySetResult(false);
        };
        page.FrameNavigated += (_, frame) =>
        {
            if (frame.ParentFrame is null) _navigation?.Ended.TrySetResult(true);
        };
        page.Close += (_, _) => _gone.TrySetResult();
    }

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
        var own = (await SendAsync("Target.getTargetInfo")).GetProperty("targetInfo").GetProperty("browserContextId").GetString();
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
        var info = (await SendAsync("Target.getTargetInfo")).GetProperty("targetInfo");
        var (title, url) = (info.GetProperty("title").GetString() ?? "", info.GetProperty("url").GetString() ?? "");
        // For want of a title the browser shows the address, or what is left of it without its scheme.
        return url.EndsWith(title, StringComparison.Ordinal) || url.TrimEnd('/').EndsWith(title, StringComparison.Ordinal) ? "" : title;
    }

    /// <exception cref="BrowserException">The script threw, took too long, or its value is too long.</exception>
    public async Task<JsonPayload> EvaluateAsync(string script, int timeout)
    {
        var ended = EvaluateAsync(script, timeout, mayWrap: true);
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

    public async Task<byte[]> TakePictureAsync(bool fullPage)
    {
        if (fullPage)
        {
            var size = (await SendAsync("Page.getLayoutMetrics")).GetProperty("cssContentSize");
            var (width, height) = (size.GetProperty("width").GetDouble(), size.GetProperty("height").GetDouble());
            if (width > PageImage.MaxHeight || height > PageImage.MaxHeight)
            {
                var clip = new { x = 0, y = 0, width = Math.Min(width, PageImage.MaxHeight), height = Math.Min(height, PageImage.MaxHeight), scale = 1 };
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
            if (box.Height > PageImage.MaxHeight || box.Width > PageImage.MaxHeight) throw new BrowserException(Problem.Invalid("selector", BrowserReasons.PictureTooLarge));
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

    private async Task<JsonPayload> EvaluateAsync(string script, int timeout, bool mayWrap)
    {
        await StayAsync();
        var evaluated = await SendAsync(
            "Runtime.evaluate", ("expression", script), ("replMode", true), ("awaitPromise", true), ("userGesture", true), ("timeout", timeout));
        if (evaluated.TryGetProperty("exceptionDetails", out var thrown))
        {
            // What a function's body may hold is taken as one.
            return mayWrap && MessageOf(thrown).Contains("Illegal return statement", StringComparison.Ordinal)
                ? await EvaluateAsync($"(async () => {{\n{script}\n}})()", timeout, mayWrap: false)
                : throw Thrown(thrown);
        }

        var result = evaluated.GetProperty("result");
        if (result.TryGetProperty("objectId", out var id)) return await WriteAsync(id.GetString()!);
        if (result.TryGetProperty("value", out var value)) return Payload(value.GetRawText());
        // Negative zero, and what JSON has no form for: undefined, NaN, infinities, big integers.
        return result.TryGetProperty("unserializableValue", out var special) && special.ValueEquals("-0") ? Payload("0") : Null;
    }

    private async Task<JsonPayload> WriteAsync(string id)
    {
        var most = new[] { new { value = ScriptResult.MaxLength } };
        var written = await SendAsync(
            "Runtime.callFunctionOn", ("functionDeclaration", Write), ("objectId", id), ("arguments", most), ("awaitPromise", true), ("returnByValue", true));
        if (written.TryGetProperty("exceptionDetails", out var thrown)) throw Thrown(thrown);
        return written.GetProperty("result").TryGetProperty("value", out var text) && text.ValueKind is JsonValueKind.String
            ? Payload(text.GetString()!)
            : throw new BrowserException(Problem.Invalid("script", BrowserReasons.ValueTooLong));
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

    private static BrowserException Thrown(JsonElement details) => new(Problem.Invalid("script", BrowserReasons.Thrown(MessageOf(details))));

    /// <summary>What was thrown, without its stack.</summary>
    private static string MessageOf(JsonElement details)
    {
        var text = details.TryGetProperty("exception", out var exception)
            ? exception.TryGetProperty("description", out var description) ? description.GetString()
                : exception.TryGetProperty("value", out var value) ? value.ToString()
                : null
            : null;
        text ??= details.GetProperty("text").GetString() ?? "";
        var stack = text.IndexOf("\n    at ", StringComparison.Ordinal);
        if (stack >= 0) text = text[..stack];
        return text.Length > MaxMessageLength ? text[..MaxMessageLength] : text;
    }

    private async Task<JsonElement> SendAsync(string method, params (string Name, object Value)[] arguments)
    {
        var session = await SessionAsync();
        return await session.SendAsync(method, arguments.ToDictionary(argument => argument.Name, argument => argument.Value)) ?? default;
    }

    private Task<ICDPSession> SessionAsync() => _session ??= ListenCloselyAsync();

    /// <summary>
    /// A session of its own with the page's process, which tells of a navigation that the page asks for before it answers what
    /// is asked afterwards; the driver tells of it when the network has begun.
    /// </summary>
    private async Task<ICDPSession> ListenCloselyAsync()
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        var info = await session.SendAsync("Target.getTargetInfo");
        var frame = info!.Value.GetProperty("targetInfo").GetProperty("targetId").GetString();
        session.Event("Page.frameRequestedNavigation").OnEvent += (_, told) =>
        {
            if (told is { } navigation && navigation.GetProperty("frameId").ValueEquals(frame) && navigation.GetProperty("disposition").ValueEquals("currentTab"))
                _navigation ??= new Navigation();
        };
        // The page's process answers this, or does not: whoever needs it waits for it.
        _listening = session.SendAsync("Page.enable");
        return session;
    }

    /// <summary>A way of the page elsewhere; its end says whether it came there.</summary>
    private sealed class Navigation
    {
        public TaskCompletionSource<bool> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
