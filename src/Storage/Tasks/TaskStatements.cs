namespace OpenClaw.Storage.Tasks;

/// <summary>Names of the statements in <c>Tasks.sql</c>.</summary>
internal static class TaskStatements
{
    public const string AddTask = nameof(AddTask);
    public const string FindTask = nameof(FindTask);
    public const string ListTasks = nameof(ListTasks);
    public const string ListOverdueTasks = nameof(ListOverdueTasks);
    public const string ListUnfinishedTasks = nameof(ListUnfinishedTasks);
    public const string ListTasksOfKey = nameof(ListTasksOfKey);
    public const string SetTask = nameof(SetTask);
    public const string RemoveTask = nameof(RemoveTask);
    public const string TellTask = nameof(TellTask);
    public const string TellTaskRun = nameof(TellTaskRun);
    public const string AddTaskRun = nameof(AddTaskRun);
    public const string HoldTaskRun = nameof(HoldTaskRun);
    public const string TellTaskStart = nameof(TellTaskStart);
    public const string TellTaskEnd = nameof(TellTaskEnd);
    public const string CountTaskFailures = nameof(CountTaskFailures);
    public const string SetTaskRun = nameof(SetTaskRun);
    public const string ClaimTaskRuns = nameof(ClaimTaskRuns);
    public const string ListUnfinishedTaskRuns = nameof(ListUnfinishedTaskRuns);
    public const string ListTaskRuns = nameof(ListTaskRuns);
    public const string FindLastTaskRun = nameof(FindLastTaskRun);
    public const string TrimTaskRuns = nameof(TrimTaskRuns);
    public const string RemoveTaskRuns = nameof(RemoveTaskRuns);
    public const string PurgeTaskRuns = nameof(PurgeTaskRuns);
    public const string RemoveTenantTaskRuns = nameof(RemoveTenantTaskRuns);
}
