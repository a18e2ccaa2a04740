import VisionData
import VisionImage
import VisionInference
import VisionNet
import VisionReport
import VisionSystem
import VisionTasks

/// `visionnet evaluate` for detectors.
struct DetectorEvaluation {
  let model: String
  let data: String
  let network: DetectorNetwork
  let split: Evaluate.Part?
  let threads: Int?
  let options: ImageOptions
  let flags: SelectionFlags
  let messages: Messages

  func run(_ format: Evaluate.Format, _ output: Output, isStrict: Bool) throws {
    guard format != .html else {
      throw CommandError(
        .usage, "there is no page for detectors; use --format text or json", place: "--format html")
    }
    let set = try AnnotationSet(data, threads: threads)
    for note in set.notes where note.kind.isWarning { messages.warning("\(note)") }
    let (images, part) = try images(of: set)
    messages.note("\(images.count) images of \(part)")
    let detector = try ObjectDetector(
      network, selection: try selection(), threads: threads)
    let began = POSIX.seconds
    let found = try detector.evaluate(images, classes: set.classes, options: options, threads: threads)
    let skipped = set.skipped + found.skipped
    for file in skipped { messages.error("\(FilePath(file.path).printable): \(file.message)") }
    if isStrict, let first = skipped.first {
      throw CommandError(.data, "cannot be used: \(first.message)", place: FilePath(first.path).printable)
    }
    let results = try DetectionResults(found.samples, threads: threads)
    let seconds = POSIX.seconds - began
    if format == .json {
      let head: [(String, JSON)] = [
        ("schema", JSON.schema), ("model", .string(model)), ("data", .string(data)), ("split", .string(part)),
      ]
      let tail: [(String, JSON)] = [
        ("skipped", JSON.list(skipped)), ("seconds", .number(Figures.rounded(seconds, 2))),
      ]
      try output.writeLine(JSON.object(head + results.members + tail).indented)
    } else {
      try output.writeLine(DetectionResultsText(results: results).text)
    }
    if !skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  /// All that a detector gives down to a low score, as COCO's evaluation wants it, unless other values are given.
  private func selection() throws -> BoxSelection {
    var selection = try ObjectDetection(network.model).selection
    selection.confidence = ObjectDetector.evaluationConfidence
    return flags.applied(to: selection)
  }

  private func images(of set: AnnotationSet) throws -> ([AnnotatedImage], String) {
    func part(_ part: DataPart?) -> [AnnotatedImage] { set.images.filter { $0.part == part } }
    let chosen: (images: [AnnotatedImage], name: String)
    switch split {
    case .train: chosen = (part(.train), "train")
    case .val: chosen = (part(.val), "val")
    case .test: chosen = (part(.test), "test")
    case .all: chosen = (set.images, "all")
    case nil:
      let (test, val) = (part(.test), part(.val))
      chosen = !test.isEmpty ? (test, "test") : !val.isEmpty ? (val, "val") : (set.images, "all")
    }
    let images = chosen.images.filter { $0.path != nil }
    guard !images.isEmpty else {
      throw DatasetError(
        .noImages, "there are no images\(split == nil ? "" : " of \(chosen.name)")", place: data,
        remedy: "give a folder of annotated images, or another --split")
    }
    return (images, chosen.name)
  }
}
