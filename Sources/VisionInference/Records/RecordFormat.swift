package import VisionSystem

/// A format in which records are written, the same for every task.
package enum RecordFormat: String, CaseIterable, Sendable {
  /// One line for people per subject; nothing for a subject that could not be read, which gets a message
  /// instead.
  case text
  /// One array.
  case json
  /// One object per line.
  case jsonl
  /// A header row, then one row per result.
  case csv

  /// The text before the first record.
  package func opening(_ layout: RecordLayout) -> String {
    switch self {
    case .text, .jsonl: ""
    case .json: "["
    case .csv: layout.names.joined(separator: ",") + "\n"
    }
  }

  /// The text after the last record.
  package var closing: String { self == .json ? "\n]\n" : "" }

  /// The text of one record.
  ///
  /// - Parameter emphasize: makes a word stand out in the output.
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

  /// The object of one record.
  package static func object(_ outcome: SubjectOutcome) -> JSON {
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
      // The columns of the subject, the results and the time are empty.
      let unknown = layout.subjectColumns.count + layout.columns.count + 1
      return line(
        [outcome.name] + [String](repeating: "", count: unknown) + [error.code, message(error)]
          + layout.summaryColumns.map { _ in "" })
    }
  }

  private static func line(_ fields: [String]) -> String {
    fields.map { field($0) }.joined(separator: ",") + "\n"
  }

  /// The error's message and remedy, without the place, which is the record's subject.
  package static func message(_ error: any VisionError) -> String {
    error.message + (error.remedy.map { " (\($0))" } ?? "")
  }

  /// A field, quoted as in RFC 4180.
  private static func field(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return text }
    // By Unicode scalars, because a quotation mark and a combining accent form one `Character`.
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
  /// The first member of every record, `schema`: the version of the names and meanings in `docs/schema`. It
  /// increases when a member is changed or removed, but not when one is added.
  package static let schema: JSON = 1
}
