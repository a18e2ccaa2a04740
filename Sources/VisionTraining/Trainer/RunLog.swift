import VisionImage
import VisionModel
public import VisionSystem

/// The logs of a run, written during training: `events.jsonl`, one JSON object per line, and `metrics.csv`,
/// one line per epoch.
///
/// When a run is resumed from a checkpoint, they are truncated to their lengths at the checkpoint, so that
/// nothing is logged twice.
public final class RunLog {
  /// The lengths of the files in bytes.
  public struct Position: Sendable, Hashable {
    public var events: Int
    public var metrics: Int

    public init(events: Int = 0, metrics: Int = 0) {
      self.events = events
      self.metrics = metrics
    }
  }

  /// The names of the files in a run's folder.
  public static let eventsName = "events.jsonl"
  public static let metricsName = "metrics.csv"

  /// The version of the lines of `events.jsonl`: the names and meanings in `docs/schema`.
  public static let schema = 1

  private let events: LogFile
  private let metrics: LogFile
  /// Only every `interval`-th step is logged, so that the log of a long run stays short.
  private var interval = 1

  /// The most steps of a run that are logged, roughly.
  private static let toldSteps = 5000

  /// Opens the logs in `folder`, truncated to `position`.
  ///
  /// - Throws: `TrainingError` `io` or `diskFull`.
  public init(folder: String, at position: Position = Position()) throws(TrainingError) {
    events = try LogFile("\(folder)/\(Self.eventsName)", at: position.events)
    metrics = try LogFile("\(folder)/\(Self.metricsName)", at: position.metrics)
  }

  /// Adds an event; checkpoints and interruptions are not logged.
  public func add(_ event: TrainingEvent) throws(TrainingError) {
    switch event {
    case .started(let start):
      interval = max(1, (start.steps + Self.toldSteps - 1) / Self.toldSteps)
      // The log of a resumed run already has this line.
      guard events.count == 0 else { return }
      try line(
        "started",
        [
          ("epochs", JSONText(start.epochs)), ("steps", JSONText(start.steps)),
          ("batch_size", JSONText(start.batchSize)), ("samples", JSONText(start.samples)),
          ("validation_samples", JSONText(start.validationSamples)),
          ("parameters", JSONText(start.parameters)),
          ("memory", JSONText(start.memory.total)),
        ])
    case .step(let report):
      guard report.step % interval == 0 || report.step == 1 else { return }
      try line(
        "step",
        [
          ("step", JSONText(report.step)), ("epoch", JSONText(report.epoch)), ("loss", JSONText(report.loss)),
          ("rate", JSONText(report.rate)),
        ])
    case .epoch(let report):
      guard case .object(let members) = report.json else { return }
      try line("epoch", members)
      try row(report)
    case .note(let text): try line("note", [("text", .string(text))])
    case .finished(let result) where result.ending != .interrupted:
      try line(
        "finished",
        [
          ("ending", .string(result.ending.rawValue)), ("epochs", JSONText(result.epochs)),
          ("steps", JSONText(result.steps)), ("best_epoch", result.best.map { JSONText($0.epoch) } ?? .null),
        ])
    case .checkpoint, .finished: break
    }
  }

  /// Flushes both files to disk, and returns their lengths.
  public func flush() throws(TrainingError) -> Position {
    try events.flush()
    try metrics.flush()
    return Position(events: events.count, metrics: metrics.count)
  }

  private func line(_ name: String, _ members: [(key: String, value: JSONText)]) throws(TrainingError) {
    let head: [(key: String, value: JSONText)] = [
      ("schema", JSONText(Self.schema)), ("event", .string(name)),
    ]
    try events.append(JSONText.object(head + members).text + "\n")
  }

  private func row(_ report: EpochReport) throws(TrainingError) {
    let names = report.validation.map { "validation_\($0.name)" }
    if metrics.count == 0 {
      let columns = ["epoch", "step", "training_loss"] + names + ["rate", "samples_per_second", "seconds"]
      try metrics.append(columns.joined(separator: ",") + "\n")
    }
    let numbers =
      [report.trainingLoss] + report.validation.map(\.value) + [
        report.rate, report.samplesPerSecond, report.seconds,
      ]
    let cells = ["\(report.epoch)", "\(report.step)"] + numbers.map { "\($0)" }
    try metrics.append(cells.joined(separator: ",") + "\n")
    // So that the logs can be read during training.
    try events.write()
    try metrics.write()
  }
}
