import VisionData
import VisionGraph
import VisionModel
public import VisionSystem
import VisionTensor

extension Checkpoint {
  private static let key = "visionnet.checkpoint"
  private static let bestPrefix = "best/"
  private static let version = 1

  /// Replaces the file atomically: the bytes are on disk before the file gets its name.
  ///
  /// - Throws: `TrainingError` `diskFull` or `io`; an existing file is then unchanged.
  public func write(to path: String) throws(TrainingError) {
    var tensors = state
    for (name, tensor) in best ?? Parameters() { tensors[Self.bestPrefix + name] = tensor }
    do {
      try SafeTensors.write(tensors, metadata: [Self.key: json.text], to: path)
    } catch { throw TrainingError(error) }
  }

  /// The name of the first tensor of the engine that is not finite; nil when all are finite.
  var firstLostTensor: String? {
    state.first { entry in
      entry.tensor.elementType == .float32
        && entry.tensor.withUnsafeBytes { bytes in
          !bytes.bindMemory(to: Float.self).allSatisfy(\.isFinite)
        }
    }?.name
  }

  init(reading path: String) throws(TrainingError) {
    let file = FolderEntry.kind(of: path) == .folder ? "\(path)/\(Self.fileName)" : path
    let contents: SafeTensors.Contents
    let json: JSONText
    do throws(FormatError) {
      contents = try SafeTensors.read(file)
      guard let text = contents.metadata.first(where: { $0.key == Self.key })?.value else {
        throw FormatError(
          .corrupt, "is no checkpoint of VisionNet", file: file, remedy: "give a run's folder")
      }
      json = try JSONText(ByteRange(Array(text.utf8), file: file))
    } catch { throw TrainingError(error) }
    guard json["version"]?.integer == Self.version else {
      throw TrainingError(
        .checkpoint, "the checkpoint has another version", place: file, remedy: "update VisionNet")
    }
    guard let parsed = Self.parse(json) else {
      throw TrainingError(.corrupt, "the checkpoint's description is incomplete", place: file)
    }
    self = parsed
    for (name, tensor) in contents.parameters {
      if name.hasPrefix(Self.bestPrefix) {
        best = best ?? Parameters()
        best?[String(name.dropFirst(Self.bestPrefix.count))] = tensor
      } else {
        state[name] = tensor
      }
    }
  }

  private var json: JSONText {
    .object([
      ("version", JSONText(Self.version)), ("seed", .string("\(seed)")), ("epochs", JSONText(epochs)),
      (
        "position",
        .object([
          ("step", JSONText(position.step)), ("epoch", JSONText(position.epoch)),
          ("batch", JSONText(position.batch)), ("loss_sum", JSONText(position.lossSum)),
          ("rate", JSONText(position.rate)), ("seconds", JSONText(position.seconds)),
          ("is_stopped", .bool(position.isStopped)),
        ])
      ), ("logs", .object([("events", JSONText(logs.events)), ("metrics", JSONText(logs.metrics))])),
      ("conditions", Self.object(conditions) { .string($0) }),
      ("stopping", Self.object(stopping) { JSONText($0) }), ("stage", Self.object(stage) { .string($0) }),
      ("has_best", .bool(best != nil)), ("history", .array(history.map(\.json))),
    ])
  }

  private static func parse(_ json: JSONText) -> Checkpoint? {
    var result = Checkpoint()
    guard let position = json["position"], let seed = json["seed"]?.string.flatMap({ UInt64($0) }),
      let epochs = json["epochs"]?.integer, let step = position["step"]?.integer,
      let epoch = position["epoch"]?.integer, let batch = position["batch"]?.integer,
      let lossSum = position["loss_sum"]?.double, let rate = position["rate"]?.double,
      let seconds = position["seconds"]?.double, case .bool(let isStopped)? = position["is_stopped"],
      let events = json["logs"]?["events"]?.integer, let metrics = json["logs"]?["metrics"]?.integer,
      let conditions = members(json["conditions"], \.string),
      let stopping = members(json["stopping"], \.double), let stage = members(json["stage"], \.string),
      case .bool(let hasBest)? = json["has_best"], let entries = json["history"]?.array
    else { return nil }
    result.history = entries.compactMap { EpochReport($0) }
    guard result.history.count == entries.count, step >= 0, epoch >= 0, batch >= 0, events >= 0, metrics >= 0
    else { return nil }
    result.position.step = step
    result.position.epoch = epoch
    result.position.batch = batch
    result.position.lossSum = lossSum
    result.position.rate = rate
    result.position.seconds = seconds
    result.position.isStopped = isStopped
    result.logs = RunLog.Position(events: events, metrics: metrics)
    (result.seed, result.epochs, result.conditions) = (seed, epochs, conditions)
    (result.stopping, result.stage) = (stopping, stage)
    // Best weights without any tensor are empty, not missing.
    result.best = hasBest ? Parameters() : nil
    return result
  }

  private static func object<Value>(_ values: [String: Value], _ json: (Value) -> JSONText) -> JSONText {
    .object(values.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) })
  }

  private static func members<Value>(_ json: JSONText?, _ value: (JSONText) -> Value?) -> [String: Value]? {
    guard case .object(let members)? = json else { return nil }
    var result: [String: Value] = [:]
    for (key, json) in members { result[key] = value(json) }
    return result.count == members.count ? result : nil
  }

  /// Whether a run's folder has a checkpoint.
  static func exists(in folder: String) -> Bool { FolderEntry.kind(of: "\(folder)/\(fileName)") == .file }
}
