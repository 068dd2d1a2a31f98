using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Workspaces;

/// <summary><c>/api/files</c>: the tenant's workspace. Every request counts as one file operation.</summary>
internal static class FilesApi
{
    private const int DefaultLimit = 200;
    private const int MaxLimit = 1000;

    /// <summary>A cursor holds a whole path.</summary>
    private const int MaxCursorChars = 6 * 1024;

    /// <summary>A raw file is fetched from its silo in pieces of this many bytes.</summary>
    private const int RawPiece = 1024 * 1024;

    private const string DefaultMediaType = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider MediaTypes = new();

    public static IEndpointRouteBuilder MapFilesApi(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/api/files").RequireScope(Scopes.Read);
        read.Stream(HttpMethods.Get, "/read", Read);
        read.Get("/list", Counted(List));
        read.Get("/search", Counted(Search));

        var write = routes.MapGroup("/api/files").RequireScope(Scopes.Write);
        write.Post("/write", Counted(Write));
        write.Post("/move", Counted(Move));
        write.Delete("", Counted(Delete));
        return routes;
    }

    private static ApiHandler Counted(ApiHandler handler) => async request =>
        await RateQuota.AcquireAsync(request, RateLimitClass.Files) is (_, { } refused) ? ApiResult.Refused(refused) : await handler(request);

    private static IWorkspaceGrain WorkspaceOf(ApiRequest request) => request.Grains.GetWorkspace(new WorkspaceKey(request.Caller.Tenant));

    private static async Task<ApiResult?> Read(ApiRequest request)
    {
        if (await RateQuota.AcquireAsync(request, RateLimitClass.Files) is (_, { } refused))
            return ApiResult.Refused(refused);
        var query = new QueryParameters(request.Http.Request.Query);
        var path = query.Required("path");
        var offset = query.Integer("offset", 0, long.MaxValue);
        var raw = query.Flag("raw");
        // Raw bytes are sent piece by piece, so that their number is not limited.
        var length = query.Integer("length", 0, raw ? long.MaxValue : ReadFile.MaxLength);
        var encoding = query.Choice("encoding", "auto", FileRequests.Utf8, FileRequests.Base64);
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        return raw
            ? await SendRawAsync(request, path, offset ?? 0, length)
            : await ReadAsync(request, path, offset, (int?)length, encoding);
    }

    private static async Task<ApiResult> ReadAsync(ApiRequest request, string path, long? offset, int? length, string encoding)
    {
        // A token for the client's leaving would cost a small file more than reading it does.
        var read = await WorkspaceOf(request).Read(new ReadFile { Path = path, Offset = offset ?? 0, Length = length }, CancellationToken.None);
        if (read.Problem is not null)
            return ApiResult.Refused(read.Problem);
        var file = read.File!;
        ReadOnlySpan<byte> content = read.Content;
        var ranged = offset is not null || length is not null;
        // A range may end in the middle of a character; text ends before it, and says where.
        var text = ranged ? WholeCharacters.Of(content) : content;
        var isText = encoding != FileRequests.Base64 && Utf8.IsValid(text) && (text.Length > 0 || content.Length == 0);
        if (encoding == FileRequests.Utf8 && !isText)
            return ApiResult.Refused(RequestProblems.NotText);
        return ApiResult.Ok(
            new FileContentResource(
                file.Path,
                isText ? Encoding.UTF8.GetString(text) : Convert.ToBase64String(content),
                isText ? FileRequests.Utf8 : FileRequests.Base64,
                file.Size,
                file.ModifiedAt,
                file.ETag,
                ranged ? offset ?? 0 : null,
                ranged ? (isText ? text.Length : content.Length) : null),
            WireJson.Instance.FileContentResource);
    }

    /// <summary>Sends a file's bytes as they are, to be saved: a page in a workspace is never a page of this site.</summary>
    private static async Task<ApiResult?> SendRawAsync(ApiRequest request, string path, long offset, long? length)
    {
        var workspace = WorkspaceOf(request);
        var first = await workspace.Read(new ReadFile { Path = path, Offset = offset, Length = PieceOf(length) }, request.Aborted);
        if (first.Problem is not null)
            return ApiResult.Refused(first.Problem);
        var file = first.File!;
        var left = Math.Min(Math.Max(0, file.Size - offset), length ?? long.MaxValue);
        var response = request.Http.Response;
        response.ContentType = MediaTypes.TryGetContentType(file.Path, out var mediaType) ? mediaType : DefaultMediaType;
        response.ContentLength = left;
        response.Headers.ETag = $"\"{file.ETag}\"";
        response.Headers.LastModified = file.ModifiedAt.ToString("r", CultureInfo.InvariantCulture);
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox";
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(file.Path[(file.Path.LastIndexOf('/') + 1)..]);
        response.Headers.ContentDisposition = disposition.ToString();

        for (var piece = first; left > 0;)
        {
            if (piece.Content.Length == 0 || piece.Content.Length > left || piece.File?.ETag != file.ETag)
            {
                // It was changed on the way. The length that was promised is not reached, and so the client knows.
                request.Http.Abort();
                return null;
            }

            await response.Body.WriteAsync(piece.Content, request.Aborted);
            left -= piece.Content.Length;
            offset += piece.Content.Length;
            if (left > 0)
                piece = await workspace.Read(new ReadFile { Path = path, Offset = offset, Length = PieceOf(left) }, request.Aborted);
        }

        return null;
    }

    private static int PieceOf(long? left) => (int)Math.Min(left ?? RawPiece, RawPiece);

    private static async Task<ApiResult> List(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var command = new ListFiles { Path = query.Text("path") ?? "/", Limit = query.Limit(DefaultLimit, MaxLimit), Cursor = query.Cursor(MaxCursorChars) };
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var list = await WorkspaceOf(request).List(command, request.Aborted);
        return list.Problem is not null
            ? ApiResult.Refused(list.Problem)
            : ApiResult.Ok(new FileListResource(list.Path, [.. list.Entries.Select(FileEntryResource.Of)], list.NextCursor), WireJson.Instance.FileListResource);
    }

    private static async Task<ApiResult> Search(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var command = new SearchFiles
        {
            Path = query.Text("path") ?? "/",
            Pattern = query.Required("pattern"),
            Text = query.Text("text"),
            Limit = query.Limit(DefaultLimit, MaxLimit),
            Cursor = query.Cursor(MaxCursorChars),
        };
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var found = await WorkspaceOf(request).Search(command, request.Aborted);
        return found.Problem is not null
            ? ApiResult.Refused(found.Problem)
            : ApiResult.Ok(
                new FileSearchResource([.. found.Files.Select(FoundFileResource.Of)], found.NextCursor, found.Truncated),
                WireJson.Instance.FileSearchResource);
    }

    private static async Task<ApiResult> Write(ApiRequest request)
    {
        var (command, problem) = await request.ReadAsync(FileRequests.ReadWrite);
        if (command is null)
            return ApiResult.Refused(problem!);
        var written = await WorkspaceOf(request).Write(command, CancellationToken.None);
        return written.Problem is not null
            ? ApiResult.Refused(written.Problem)
            : ApiResult.Ok(WrittenFileResource.Of(written), WireJson.Instance.WrittenFileResource);
    }

    private static async Task<ApiResult> Move(ApiRequest request)
    {
        var (command, problem) = await request.ReadAsync(FileRequests.ReadMove);
        if (command is null)
            return ApiResult.Refused(problem!);
        var moved = await WorkspaceOf(request).Move(command, CancellationToken.None);
        return moved.Problem is not null
            ? ApiResult.Refused(moved.Problem)
            : ApiResult.Ok(new MovedFileResource(command.From, command.To), WireJson.Instance.MovedFileResource);
    }

    private static async Task<ApiResult> Delete(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var command = new DeleteFile { Path = query.Required("path"), Recursive = query.Flag("recursive") };
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var deleted = await WorkspaceOf(request).Delete(command, CancellationToken.None);
        return deleted.Problem is not null
            ? ApiResult.Refused(deleted.Problem)
            : ApiResult.Ok(new DeletedFileResource(command.Path, "deleted"), WireJson.Instance.DeletedFileResource);
    }
}
