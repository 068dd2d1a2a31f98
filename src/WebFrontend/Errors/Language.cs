namespace OpenClaw.WebFrontend.Errors;

/// <summary>The two languages that the API speaks.</summary>
internal enum Language
{
    English,
    Chinese,
}
