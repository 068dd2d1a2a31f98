using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Browser;

/// <summary>What users of the browser are asked to change.</summary>
public static class BrowserReasons
{
    public static LocalizedText Off { get; } = new(
        "the browser is switched off on this server; the operator can change OpenClaw__Browser__Engine", "此服务器已关闭浏览器,管理员可通过 OpenClaw__Browser__Engine 更改");

    public static LocalizedText NotInstalled { get; } = new(
        "pages cannot be opened on this server: chromium is not installed; everything else works", "此服务器无法打开网页:未安装 chromium;其他功能不受影响");

    public static LocalizedText NotStarted { get; } = new(
        "pages cannot be opened on this server right now: its browser does not start; the log says why", "此服务器暂时无法打开网页:浏览器未能启动,原因见日志");

    public static LocalizedText NoPage { get; } = new(
        "no page is open; open one first (it was never opened, was closed after idle minutes, or has crashed)",
        "没有已打开的页面,请先打开页面(页面从未打开、因闲置被关闭或已崩溃)");

    public static LocalizedText Crashed { get; } = new(
        "the page has crashed, most likely for want of memory; open it again or another", "页面已崩溃(多半因内存不足),请重新打开或更换页面");

    public static LocalizedText Failed { get; } = new(
        "the browser could not do it; open the page again, and if that does not help, the server's log says why", "浏览器无法完成操作,请重新打开页面;如仍失败,原因见服务器日志");

    public static LocalizedText ClosedItself { get; } = new(
        "the page has closed itself; the page before it is the current one now", "页面已自行关闭,当前页面为之前打开的页面");

    public static LocalizedText Unresponsive { get; } = new(
        "the page does not answer and was closed; open it again or another", "页面没有响应,已被关闭,请重新打开或更换页面");

    public static LocalizedText Busy { get; } = new(
        "this server has as many browser contexts open as it may; try again later", "此服务器打开的浏览器上下文已达上限,请稍后重试");

    public static LocalizedText TooManyContexts(int most) => new(
        $"the tenant has {most} browser sessions open; close one with DELETE /api/browser?session=", $"租户已打开 {most} 个浏览器会话,请通过 DELETE /api/browser?session= 关闭其中一个");

    public static LocalizedText NotLoaded(int milliseconds) => new(
        $"the page was not there within {milliseconds} ms; raise timeout (at most {OpenPage.MaxTimeout}) or wait for less with waitUntil",
        $"页面在 {milliseconds} 毫秒内未加载完成,请增大 timeout(最大 {OpenPage.MaxTimeout})或通过 waitUntil 减少等待");

    /// <param name="error">The browser's own name for it, such as <c>ERR_CERT_AUTHORITY_INVALID</c>.</param>
    public static LocalizedText NotOpened(string error) => new(
        $"the page could not be opened ({error})", $"无法打开页面({error})");

    public static LocalizedText Moment { get; } = new(
        "must be load, domcontentloaded, networkidle or commit", "必须是 load、domcontentloaded、networkidle 或 commit");

    public static LocalizedText Timeout { get; } = new(
        $"must be an integer from 1 to {OpenPage.MaxTimeout} (milliseconds)", $"必须是 1 到 {OpenPage.MaxTimeout} 之间的整数(毫秒)");

    public static LocalizedText NoSelector { get; } = new("is not a CSS selector", "不是有效的 CSS 选择器");

    public static LocalizedText NothingSelected { get; } = new(
        "matches no visible element of the page", "未匹配到页面中的可见元素");

    public static LocalizedText PictureTooLarge { get; } = new(
        $"the picture is larger than {PageImage.MaxBytes} bytes; take a part of the page with selector", $"图片超过 {PageImage.MaxBytes} 字节,请通过 selector 截取页面的一部分");

    /// <param name="message">What the page's engine says.</param>
    public static LocalizedText Thrown(string message) => new(message, message);

    public static LocalizedText ThrownSilently { get; } = new("threw something that says nothing of itself", "抛出了没有任何说明的内容");

    public static LocalizedText ScriptTime(int milliseconds) => new(
        $"the script has not ended within {milliseconds} ms; shorten it or raise timeout (at most {OpenPage.MaxTimeout})",
        $"脚本在 {milliseconds} 毫秒内未结束,请缩短脚本或增大 timeout(最大 {OpenPage.MaxTimeout})");

    public static LocalizedText WentElsewhere { get; } = new(
        "the page went elsewhere while the script ran; its value is lost", "脚本执行期间页面已跳转,返回值已丢失");

    public static LocalizedText ValueTooLong { get; } = new(
        $"its value is longer than {ScriptResult.MaxLength} characters of JSON; return less", $"返回值的 JSON 超过 {ScriptResult.MaxLength} 个字符,请减少返回内容");

    public static LocalizedText TooLargeForSnapshot { get; } = new(
        "the page is too large for a snapshot; read the part that you need with a script", "页面过大,无法生成快照,请用脚本读取所需部分");

    public static LocalizedText UnknownRef { get; } = new(
        "names no element of the last snapshot; take a new one with GET /api/browser/snapshot", "不是最近一次快照中的元素,请通过 GET /api/browser/snapshot 重新获取");

    public static LocalizedText NoRef { get; } = new("must be a reference from a snapshot, such as e5", "必须是快照中的引用,例如 e5");

    public static LocalizedText NoKey { get; } = new("is not the name of a key, such as Enter or Control+a", "不是有效的按键名称,例如 Enter 或 Control+a");

    public static LocalizedText Covered { get; } = new("something else on the page covers it; close that first", "被页面上的其他内容遮挡,请先将其关闭");

    public static LocalizedText Invisible { get; } = new("is not visible; make it so first, or choose another", "不可见,请先使其可见或更换元素");

    public static LocalizedText Disabled { get; } = new("is disabled; choose another, or do first what enables it", "处于禁用状态,请先启用或更换元素");

    public static LocalizedText NotReady { get; } = new("did not become ready for this within 5 s; take a new snapshot", "在 5 秒内未就绪,请重新获取快照");

    public static LocalizedText WrongElement { get; } = new("is not an element of the kind that this action is for", "不是该操作适用的元素类型");

    public static LocalizedText NoOption { get; } = new("is neither the value nor the label of an option", "不是任何选项的值或标签");

    public static LocalizedText DownloadTooLarge { get; } = new(
        "the file is larger than 10 MiB", "文件超过 10 MiB");

    public static LocalizedText DownloadFailed { get; } = new("the download did not come to its end", "下载未能完成");
}
