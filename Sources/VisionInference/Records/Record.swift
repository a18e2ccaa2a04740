public import VisionSystem

/// One prediction in words and numbers: what text, JSON, JSON lines and CSV are made of, for every task alike.
public struct Record: Sendable {
  /// A part of a line of text.
  public struct Word: Sendable, Hashable {
    /// How it stands out on a terminal.
    public enum Emphasis: Sendable, Hashable { case plain, strong, faint }

    public var text: String
    public var emphasis: Emphasis

    public init(_ text: String, _ emphasis: Emphasis = .plain) {
      (self.text, self.emphasis) = (text, emphasis)
    }
  }

  /// The line for people, its words separated by what they contain.
  public var line: [Word]
  /// The members of the JSON object.
  public var fields: [(name: String, value: JSON)]
  /// A row for each thing that was found, with the columns of `ModelTask.columns`.
  public var rows: [[String]]
  /// What is true of the prediction as a whole: the columns of `ModelTask.summaryColumns`, the same in each row.
  public var summary: [String]

  public init(
    line: [Word], fields: [(name: String, value: JSON)], rows: [[String]], summary: [String] = []
  ) {
    (self.line, self.fields, self.rows, self.summary) = (line, fields, rows, summary)
  }
}
