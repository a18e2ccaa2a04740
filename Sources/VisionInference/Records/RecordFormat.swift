package import VisionSystem

/// How what a task says of subjects is written: the same four ways for every task.
package enum RecordFormat: String, CaseIterable, Sendable {
  /// A line a subject for people; what could not be read is a message instead.
  case text
  /// One array.
  case json
  /// An object a line.
  case jsonl
  /// A row for each thing that was found, after a row of names.
  case csv

  /// What stands before the first record.
  package func opening(_ layout: RecordLayout) -> String {
    switch self {
    case .text, .jsonl: ""
    case .json: "["
    case .csv: layout.names.joined(separator: ",") + "\n"
    }
  }

  /// What stands after the last record.
  package var closing: String { self == .json ? "\n]\n" : "" }

  /// One record.
  ///
  /// - Parameter emphasize: how a word stands out where it is shown.
  package func text(
    of outcome: SubjectOutcome, _ layout: RecordLayout, isFirst: Bool,
    emphasize: (String, Record.Word.Emphasis) -> String
  ) -> String {
    switch self {
    case .text: Self.line(outcome, emphasize)
    case .json: (isFirst ? "\n  " : ",\n  ") + Self.object(outcome).text
    case .jsonl: Self.object(outcome).text + "\n"
    case .csv: Self.rows(outcome, layout)
    }
  }

  private static func line(
    _ outcome: SubjectOutcome, _ emphasize: (String, Record.Word.Emphasis) -> String
  ) -> String {
    guard case .success(let record) = outcome.result else { return "" }
    return outcome.name.escapingControls
      + record.line.map { emphasize($0.text.escapingControls, $0.emphasis) }.joined() + "\n"
  }

  private static func object(_ outcome: SubjectOutcome) -> JSON {
    let name: [(String, JSON)] = [("schema", JSON.schema), ("path", .string(outcome.name))]
    switch outcome.result {
    case .success(let record):
      let members = outcome.facts + record.fields + [("milliseconds", .number(thousandths(outcome)))]
      return .object(name + members.map { ($0.name, $0.value) })
    case .failure(let error):
      return .object(
        name + [("error", ["code": .string(error.code), "message": .string(message(error))])])
    }
  }

  private static func rows(_ outcome: SubjectOutcome, _ layout: RecordLayout) -> String {
    switch outcome.result {
    case .success(let record):
      let subject = [outcome.name] + outcome.facts.map(\.value.text)
      return record.rows.map { row in
        line(subject + row + ["\(thousandths(outcome))", "", ""] + record.summary)
      }.joined()
    case .failure(let error):
      // Nothing is known of the subject and nothing was found; the time is left out, too.
      let unknown = layout.subjectColumns.count + layout.columns.count + 1
      return line(
        [outcome.name] + [String](repeating: "", count: unknown) + [error.code, message(error)]
          + layout.summaryColumns.map { _ in "" })
    }
  }

  private static func line(_ fields: [String]) -> String {
    fields.map { field($0) }.joined(separator: ",") + "\n"
  }

  /// What went wrong; the place is the subject's name, which the record has already.
  package static func message(_ error: any VisionError) -> String {
    error.message + (error.remedy.map { " (\($0))" } ?? "")
  }

  /// As RFC 4180 quotes.
  private static func field(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return text }
    // By scalars: a quotation mark and an accent after it are one character.
    var result = "\""
    for scalar in text.unicodeScalars { result.unicodeScalars += scalar == "\"" ? ["\"", "\""] : [scalar] }
    result.unicodeScalars.append("\"")
    return result
  }

  private static func thousandths(_ outcome: SubjectOutcome) -> Double {
    (outcome.milliseconds * 1000).rounded() / 1000
  }
}

extension JSON {
  /// What every record holds as its first member, `schema`: the version of the names and meanings in `docs/schema`. It
  /// grows when a member changes or goes; members may be added.
  package static let schema: JSON = 1
}
