import VisionData
import VisionImage
import VisionInference
import VisionModel
import VisionNet
import VisionReport
import VisionSystem
import VisionTasks

/// `visionnet evaluate` for detectors.
struct DetectorEvaluation {
  let model: String
  let data: String
  let annotations: AnnotationOptions
  let source: DetectorSource
  let split: Evaluate.Part?
  let threads: Int?
  let options: ImageOptions
  let flags: SelectionFlags
  let messages: Messages

  func run(_ format: Evaluate.Format, _ output: Output, isStrict: Bool) throws {
    let set = try AnnotationSet(data, options: annotations, threads: threads)
    for note in set.notes where note.kind.isWarning { messages.warning("\(note)") }
    let (images, part) = try images(of: set)
    messages.progress(EvaluatedImages(count: images.count, part: part).progress)
    let detector = try ObjectDetector(
      source, selection: try selection(), threads: threads)
    let began = POSIX.seconds
    let found = try detector.evaluate(images, classes: set.classes, options: options, threads: threads)
    let skipped = set.skipped + found.skipped
    for file in skipped { messages.error("\(FilePath(file.path).printable): \(file.message)") }
    if isStrict, let first = skipped.first {
      throw CommandError(.data, "cannot be used: \(first.message)", place: FilePath(first.path).printable)
    }
    let warning = TrainingUse(
      of: found.images.map { $0.path ?? $0.name }, in: source.model, threads: threads)?
      .warning(choice: "choose its weights and its confidence")
    if let warning { messages.warning(warning) }
    let results = try DetectionResults(found.samples, threads: threads)
    let seconds = POSIX.seconds - began
    switch format {
    case .json:
      let head: [(String, JSON)] = [
        ("schema", JSON.schema), ("model", .string(model)), ("data", .string(data)), ("split", .string(part)),
      ]
      let tail: [(String, JSON)] = [
        ("skipped", JSON.list(skipped)), ("seconds", .number(Figures.rounded(seconds, 2))),
      ]
      try output.writeLine(JSON.object(head + results.members + tail).indented)
    case .text: try output.writeLine(DetectionResultsText(results: results).text)
    case .html:
      var page = page(results, found, part, classes: set.classes)
      (page.skipped, page.run.seconds, page.warning) = (skipped, seconds, warning)
      try output.write(page.html(threads: threads))
    }
    if !skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  private func page(
    _ results: DetectionResults, _ found: ObjectDetector.Evaluation, _ part: String, classes: [String]
  ) -> DetectionReport {
    let count = found.images.count
    let name = data.split(separator: "/").last.map(String.init) ?? data
    var page = DetectionReport(
      title: name, summary: "How well \(FilePath(model).printable) does on annotated images.",
      results: results,
      measuredOn: EvaluatedImages(count: count, part: part).phrase,
      classes: classes)
    page.measured = Array(zip(found.images, found.samples.samples))
    page.parts = [(part == "all" ? "objects" : part, found.images)]
    page.input = source.input
    page.run.configuration = [("model", model), ("data", data), ("part of the data", part)]
    page.run.hardware = Machine.text(threads: threads)
    page.run.command = "visionnet detect --model \(ShellText.model(model)) IMAGE"
    return page
  }

  /// All that a detector gives down to a low score, as COCO's evaluation wants it, unless other values are given.
  private func selection() throws -> BoxSelection {
    var selection = try source.task().selection
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
