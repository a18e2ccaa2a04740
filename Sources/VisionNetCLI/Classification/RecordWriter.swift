import VisionNet

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
  private let format: RecordFormat
  private let style: TextStyle
  private let messages: Messages
  private let stopsAtError: Bool
  private let threshold: Double?
  private let counts = Monitor(Tally())

  init(
    _ output: Output, format: RecordFormat, threshold: Double? = nil, messages: Messages, stopsAtError: Bool
  ) {
    self.output = output
    self.format = format
    self.threshold = threshold
    self.messages = messages
    self.stopsAtError = stopsAtError
    style = TextStyle(for: output)
  }

  var tally: Tally { counts.withLock { $0 } }

  func begin() throws { if !format.opening.isEmpty { try output.write(format.opening) } }

  func end() throws { if !format.closing.isEmpty { try output.write(format.closing) } }

  /// Writes a record immediately; false if it is an error and the run has to end.
  func write(_ record: ClassificationRecord) throws -> Bool {
    let isFirst = counts.withLock { tally in
      let isFirst = tally.readable + tally.unreadable == 0
      if let error = record.error {
        let status = ExitStatus(error)
        tally.unreadable += 1
        tally.firstFailure = tally.firstFailure ?? status
        if status != .noInput { tally.areAllMissing = false }
      } else {
        tally.readable += 1
      }
      return isFirst
    }
    let text = format.text(of: record, threshold: threshold, isFirst: isFirst, style: style)
    if !text.isEmpty { try output.write(text) }
    if let error = record.error, format == .text {
      messages.error("\(record.path.printable): \(RecordFormat.message(error))")
    }
    if let damage = record.damage { messages.note("\(record.path.printable): \(damage)") }
    return record.error == nil || !stopsAtError
  }
}
