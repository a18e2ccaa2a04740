import VisionInference
import VisionNet
import VisionSystem

/// Writes records one at a time and counts them.
final class RecordWriter: Sendable {
  /// The number of records of each kind.
  struct Tally: Sendable {
    var readable = 0
    var unreadable = 0
    /// Whether every unreadable image was missing or forbidden, not bad data.
    var areAllMissing = true
    /// The exit status of the first error.
    var firstFailure: ExitStatus?

    /// The exit code of the run.
    func status(folderFailures: Int, stopsAtError: Bool) -> ExitStatus {
      if stopsAtError, let firstFailure { return firstFailure }
      if readable > 0 { return unreadable + folderFailures > 0 ? .incomplete : .success }
      return areAllMissing ? .noInput : .data
    }
  }

  private let output: Output
  private let encoding: RecordEncoding
  private let style: TextStyle
  private let messages: Messages
  private let stopsAtError: Bool
  private let counts = Monitor(Tally())
  /// Lines of text that wait for others to be aligned with; nil where lines are written at once.
  private let waiting: Monitor<AlignedLines>?

  convenience init(
    _ output: Output, _ layout: RecordLayout, format: RecordFormat, isAligned: Bool = false,
    messages: Messages, stopsAtError: Bool
  ) {
    self.init(
      output, RecordEncoding(format, layout), isAligned: isAligned && format == .text, messages: messages,
      stopsAtError: stopsAtError)
  }

  /// - Parameter isAligned: whether the words of lines of text stand below each other. Lines then wait for others.
  init(
    _ output: Output, _ encoding: RecordEncoding, isAligned: Bool = false, messages: Messages,
    stopsAtError: Bool
  ) {
    waiting = isAligned ? Monitor(AlignedLines(width: output.width)) : nil
    self.output = output
    self.encoding = encoding
    self.messages = messages
    self.stopsAtError = stopsAtError
    style = TextStyle(for: output)
  }

  var tally: Tally { counts.withLock { $0 } }

  func begin() throws {
    if !encoding.opening.isEmpty { try output.write(encoding.opening) }
  }

  func end() throws {
    try flush()
    if !encoding.closing.isEmpty { try output.write(encoding.closing) }
  }

  /// Writes the lines that wait.
  private func flush() throws {
    guard let text = waiting?.withLock({ $0.flush { style.text($0, $1) } }), !text.isEmpty else { return }
    try output.write(text)
  }

  /// Writes a record at once; false when it is an error and ends the run.
  func write(_ outcome: SubjectOutcome) throws -> Bool {
    let isFirst = counts.withLock { tally in
      let isFirst = tally.readable + tally.unreadable == 0
      if let error = outcome.error {
        let status = ExitStatus(error)
        tally.unreadable += 1
        tally.firstFailure = tally.firstFailure ?? status
        if status != .noInput { tally.areAllMissing = false }
      } else {
        tally.readable += 1
      }
      return isFirst
    }
    if let waiting, case .success(let record) = outcome.result {
      let isFull = waiting.withLock { $0.add(outcome.name, record.line, seconds: POSIX.seconds) }
      if isFull || outcome.damage != nil { try flush() }
    } else {
      try flush()
      let text = try encoding.text(outcome, isFirst) { style.text($0, $1) }
      if !text.isEmpty { try output.write(text) }
    }
    let name = outcome.name.escapingControls
    if let error = outcome.error, encoding.leavesOutErrors {
      messages.error("\(name): \(RecordFormat.message(error))")
    }
    if let damage = outcome.damage { messages.note("\(name): \(damage)") }
    return outcome.error == nil || !stopsAtError
  }
}
