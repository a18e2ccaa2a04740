import VisionInference
import VisionSystem

/// How records become text, of which one is written after the other.
struct RecordEncoding: Sendable {
  typealias Emphasize = (String, Record.Word.Emphasis) -> String

  /// The text before the first record.
  var opening = ""
  /// The text after the last record.
  var closing = ""
  /// Whether messages say why a subject has no record, since the text does not.
  var leavesOutErrors: Bool
  /// The text of a record.
  var text: @Sendable (_ outcome: SubjectOutcome, _ isFirst: Bool, Emphasize) throws -> String

  init(
    opening: String = "", closing: String = "", leavesOutErrors: Bool,
    text: @escaping @Sendable (_ outcome: SubjectOutcome, _ isFirst: Bool, Emphasize) throws -> String
  ) {
    (self.opening, self.closing, self.leavesOutErrors, self.text) = (opening, closing, leavesOutErrors, text)
  }

  /// The encoding of a format that every task has.
  init(_ format: RecordFormat, _ layout: RecordLayout) {
    self.init(
      opening: format.opening(layout), closing: format.closing, leavesOutErrors: format == .text
    ) { outcome, isFirst, emphasize in
      format.text(of: outcome, layout, isFirst: isFirst, emphasize: emphasize)
    }
  }
}
