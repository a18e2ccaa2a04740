/// The columns of a table of records.
package struct RecordLayout: Sendable {
  /// The columns of facts about a subject besides its name.
  package let subjectColumns: [String]
  package let columns: [String]
  package let summaryColumns: [String]

  /// The layout of a task's records.
  package init<Task: ModelTask>(_ task: Task.Type, subject: [String]) {
    (subjectColumns, columns, summaryColumns) = (subject, Task.columns, Task.summaryColumns)
  }

  /// The names of all columns, in order.
  var names: [String] {
    ["path"] + subjectColumns + columns + ["milliseconds", "error", "message"] + summaryColumns
  }
}
