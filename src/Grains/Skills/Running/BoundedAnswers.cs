namespace OpenClaw.Grains.Skills.Running;

/// <summary>Bounds what a server answers in all, however it is read.</summary>
internal sealed class BoundedAnswers(HttpMessageHandler inner, long most) : DelegatingHandler(inner)
{
    private readonly Allowance _allowance = new(most);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var content = response.Content;
        var bounded = new StreamContent(new BoundedStream(await content.ReadAsStreamAsync(cancellationToken), _allowance));
        foreach (var (name, values) in content.Headers) bounded.Headers.TryAddWithoutValidation(name, values);
        response.Content = bounded;
        return response;
    }
}
