import VisionCompute
import VisionImage
import VisionSystem
import VisionTensor

extension DatasetExamination {
  /// Examines images with annotated boxes.
  ///
  /// - Parameters:
  ///   - input: the size of a detector's input, with which objects are compared; nil for that which suits, a side of
  ///     416.
  ///   - report: called with the number of files read and the total, by one thread at a time.
  /// - Throws: `DatasetError` as `AnnotationSet.init` does; all other obstacles to training are findings.
  package init(
    boxes path: String, options: Options = Options(), annotations: AnnotationOptions = AnnotationOptions(),
    input: (AnnotatedData) -> ImageSize = { _ in ImageSize(416) },
    report: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(DatasetError) {
    let set = try AnnotationSet(path, options: annotations, threads: options.threads)
    let executor = Executor(threads: options.threads)
    let located = set.images.filter { $0.path != nil }
    let parts = DataPart.allCases.filter { part in located.contains { $0.part == part } }
    let isSplitLater = !parts.contains(.val) || parts.count < 2
    let splits = parts.count < 2 ? ["all"] : parts.map(\.rawValue)
    func split(_ image: AnnotatedImage) -> Int { image.part.flatMap { parts.firstIndex(of: $0) } ?? 0 }
    let examined = Self.examine(
      located.map {
        ImageListing.Entry(path: $0.path ?? $0.name, label: 0, split: parts.count < 2 ? 0 : split($0))
      },
      isStrictDecoding: options.isStrictDecoding, executor, report)
    let readable = zip(located, examined).filter { $0.1.facts != nil }
    let classes = Self.count(set.classes, readable.map { ($0.0, $0.1.split) }, splits: splits.count)
    var findings = AnnotationFindings(set).findings
    var trained: AnnotatedData?
    do throws(DatasetError) {
      let data = try AnnotatedData(set, path: path)
      try data.check()
      trained = data
    } catch { findings.append(ImageListing.finding(error)) }
    findings +=
      ImageFindings(examined, labels: [""], splits: splits, imageSize: options.imageSize).findings.map(
        Self.forBoxes)
    findings +=
      DuplicateFindings(
        examined, labels: [""], splits: splits, isSplitLater: isSplitLater,
        findsNear: options.findsNearDuplicates, executor: executor
      ).findings.map(Self.forBoxes)
    let input = options.imageSize.map { ImageSize($0) } ?? trained.map(input) ?? ImageSize(416)
    findings +=
      BoxFindings(
        readable.map { ($0.0, $0.1) }, classes: classes, names: set.classes, splits: splits, input: input
      ).findings
    self.init(
      root: path, splits: splits, classes: classes, images: readable.count, findings: Self.sorted(findings))
  }

  /// For each class the numbers of objects and of images that show any, by split.
  private static func count(_ names: [String], _ images: [(AnnotatedImage, Int)], splits: Int) -> [ClassCount]
  {
    var objects = [[Int]](repeating: [Int](repeating: 0, count: splits), count: names.count)
    var shown = objects
    for (image, split) in images {
      for object in image.objects { objects[object.label][split] += 1 }
      for label in Set(image.objects.map(\.label)) { shown[label][split] += 1 }
    }
    return names.indices.map {
      ClassCount(label: names[$0], readable: shown[$0], undecodable: 0, objects: objects[$0])
    }
  }

  /// A finding about a file, which has no class here, and of which a detector sees the whole.
  private static func forBoxes(_ finding: Finding) -> Finding {
    var remedy = finding.remedy
    if case .longSided = finding.code {
      remedy = "cut it into parts: in a detector's input its objects become small"
    }
    return Finding(
      finding.severity, finding.code, error: finding.error, paths: finding.paths, splits: finding.splits,
      finding.message, remedy: remedy)
  }
}
