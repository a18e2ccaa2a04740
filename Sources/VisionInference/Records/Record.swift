public import VisionSystem

/// A prediction as words and numbers, from which text, JSON, JSON lines and CSV are made in the same way for
/// every task.
public struct Record: Sendable {
  /// A part of a line of text.
  public struct Word: Sendable, Hashable {
    /// How the word stands out on a terminal.
    public enum Emphasis: Sendable, Hashable { case plain, strong, faint }

    public var text: String
    public var emphasis: Emphasis

    public init(_ text: String, _ emphasis: Emphasis = .plain) {
      (self.text, self.emphasis) = (text, emphasis)
    }
  }

  /// The line of text for people. Words contain the spaces between them.
  public var line: [Word]
  /// The members of the JSON object.
  public var fields: [(name: String, value: JSON)]
  /// A row for each result, with the columns of `ModelTask.columns`.
  public var rows: [[String]]
  /// Facts about the whole prediction, with the columns of `ModelTask.summaryColumns`; repeated in each row.
  public var summary: [String]

  public init(
    line: [Word], fields: [(name: String, value: JSON)], rows: [[String]], summary: [String] = []
  ) {
    (self.line, self.fields, self.rows, self.summary) = (line, fields, rows, summary)
  }
}
