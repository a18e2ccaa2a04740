import VisionImage
import VisionSystem
import VisionTensor

/// The findings about boxes: how many there are of each class, how large they are, and what contradicts itself.
struct BoxFindings {
  private(set) var findings: [Finding] = []

  private let images: [(annotated: AnnotatedImage, examined: ExaminedImage)]
  private let splits: [String]

  /// A class with fewer objects to learn from is hardly learned.
  private static let few = 20
  /// Objects smaller than this in the input, as the root of their area in pixels, are less than a cell of the finest
  /// level of a detector.
  static let lostSize = AnnotatedData.lostSize
  /// The part of the objects that may be lost.
  private static let toleratedShare = 0.05
  /// Boxes of one class with more overlap (intersection over union) are probably of one object.
  private static let sameObject = 0.9

  init(
    _ images: [(AnnotatedImage, ExaminedImage)], classes: [DatasetExamination.ClassCount], names: [String],
    splits: [String], input: ImageSize
  ) {
    self.images = images.map { (annotated: $0.0, examined: $0.1) }
    self.splits = splits
    addCounts(classes)
    addSmall(input)
    addDoubles(names)
    addContradictions()
    addTurned()
  }

  // MARK: Classes

  private mutating func addCounts(_ classes: [DatasetExamination.ClassCount]) {
    let counts = classes.map { (label: $0.label, objects: $0.objects?.first ?? 0) }
    let present = counts.filter { $0.objects > 0 }
    if let least = present.min(by: { $0.objects < $1.objects }),
      let most = present.max(by: { $0.objects < $1.objects }), most.objects >= 10 * least.objects
    {
      findings.append(
        Finding(
          most.objects >= 100 * least.objects ? .warning : .note, .imbalance, paths: [],
          labels: [most.label, least.label],
          "'\(most.label)' has \(most.objects) objects, '\(least.label)' \(least.objects)",
          remedy: "annotate more of the rare classes, and look at the figures of each class"))
    }
    for item in counts where item.objects < Self.few {
      let text =
        item.objects == 0 ? "no object" : "only \(item.objects) \(item.objects == 1 ? "object" : "objects")"
      findings.append(
        Finding(
          .warning, .fewObjects, paths: [], labels: [item.label], splits: [splits[0]],
          "'\(item.label)' has \(text) to learn from",
          remedy: "annotate more, or leave the class out: some hundreds of objects of each go a long way"))
    }
    for (index, split) in splits.enumerated().dropFirst() {
      for item in classes where item.objects?[index] == 0 && item.objects?[0] ?? 0 > 0 {
        findings.append(
          Finding(
            .warning, .missingInSplit, paths: [], labels: [item.label], splits: [split],
            "'\(item.label)' has no object in \(split): nothing is measured on it",
            remedy: "move some of its images to \(split)"))
      }
    }
  }

  // MARK: Sizes

  /// The part of the objects that are smaller than `lostSize` in an input into which whole images are fitted.
  private func lost(_ input: ImageSize) -> (lost: Int, all: Int, paths: [String]) {
    var (lost, all, paths) = (0, 0, [String]())
    for (image, _) in images {
      let scale = min(
        Double(input.width) / Double(image.width), Double(input.height) / Double(image.height))
      let sizes = image.objects.filter(\.isLearned).map { $0.box.area.squareRoot() * scale }
      let small = sizes.count { $0 < Self.lostSize }
      (lost, all) = (lost + small, all + sizes.count)
      if small > 0 { paths.append(image.path ?? image.name) }
    }
    return (lost, all, paths)
  }

  private mutating func addSmall(_ input: ImageSize) {
    let (count, all, paths) = lost(input)
    guard count > 0 else { return }
    let share = Double(count) / Double(all)
    let better = [512, 640, 800, 1024].map { ImageSize($0) }.first { size in
      let (lost, all, _) = lost(size)
      return size.width > max(input.width, input.height) && Double(lost) <= Self.toleratedShare * Double(all)
    }
    findings.append(
      Finding(
        share > Self.toleratedShare ? .warning : .note, .smallObjects, paths: paths,
        "\(count) of \(all) objects (\(Self.percent(share))) have less than 8 × 8 pixels in an input of "
          + "\(input.width) × \(input.height): they would be lost",
        remedy: share <= Self.toleratedShare
          ? "no change is needed, unless small objects matter most"
          : better.map { "train with --image-size \($0)" } ?? "cut the images into parts"))
  }

  private static func percent(_ share: Double) -> String {
    let tenths = Int(saturating: (share * 1000).rounded())
    return tenths == 0 ? "below 0.1 %" : "\(tenths / 10).\(tenths % 10) %"
  }

  // MARK: Contradictions

  /// Boxes of one class that nearly cover each other.
  private mutating func addDoubles(_ names: [String]) {
    for (image, examined) in images {
      var labels: Set<Int> = []
      var count = 0
      let byClass = Dictionary(grouping: image.objects.filter { !$0.marks.contains(.crowd) }, by: \.label)
      for (label, objects) in byClass {
        for (index, object) in objects.enumerated() {
          let isDouble = objects[..<index].contains { Self.overlap($0.box, object.box) > Self.sameObject }
          if isDouble {
            count += 1
            labels.insert(label)
          }
        }
      }
      guard count > 0 else { continue }
      findings.append(
        Finding(
          .warning, .doubleBoxes, paths: [image.path ?? image.name],
          labels: labels.sorted().map { names[$0] },
          splits: [splits[examined.split]],
          "\(count) \(count == 1 ? "box covers" : "boxes cover") another one of the class nearly exactly",
          remedy: "leave one box for each object"))
    }
  }

  private static func overlap(_ a: Box, _ b: Box) -> Double {
    guard
      let shared = a.clipped(to: b).map({ part in
        // A box that fits inside keeps its numbers, so the part is the intersection in both cases.
        part.area
      })
    else { return 0 }
    let union = a.area + b.area - shared
    return union > 0 ? shared / union : 0
  }

  /// Equal files with different boxes.
  private mutating func addContradictions() {
    let groups = Dictionary(grouping: images.indices) { images[$0].examined.facts?.file }
    for (file, members) in groups where file != nil && members.count > 1 {
      let boxes = Set(members.map { Set(images[$0].annotated.objects.map { [$0.label: $0.box] }) })
      let paths = Set(members.map { images[$0].annotated.path ?? "" })
      guard boxes.count > 1, paths.count > 1 else { continue }
      findings.append(
        Finding(
          .error, .differentBoxes, paths: paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) },
          splits: Set(members.map { images[$0].examined.split }).sorted().map { splits[$0] },
          "\(paths.count) files are the same, byte for byte, and have different boxes",
          remedy: "leave one of them, with the right boxes"))
    }
  }

  // MARK: Turned images

  /// A few may be chance; many are not.
  private mutating func addTurned() {
    var (tested, found) = (0, [(path: String, split: Int, turn: String)]())
    for (image, examined) in images {
      guard let sketch = examined.facts?.sketch else { continue }
      let boxes = TurnedBoxes(image, sketch)
      if boxes.isTested { tested += 1 }
      if let turn = boxes.turn { found.append((image.path ?? image.name, examined.split, turn)) }
    }
    guard !found.isEmpty else { return }
    let isCommon = found.count >= 3 && found.count * 10 >= tested
    let turns = Set(found.map(\.turn)).sorted().joined(separator: ", or ")
    let count = "\(found.count) of \(tested) images with at least four boxes"
    findings.append(
      Finding(
        isCommon ? .warning : .note, .turned, paths: found.map(\.path),
        splits: Set(found.map(\.split)).sorted().map { splits[$0] },
        "the boxes of \(count) would fit much better \(turns)",
        remedy: "look at them with visionnet preview; turn the images or their boxes where they do not fit"))
  }
}
