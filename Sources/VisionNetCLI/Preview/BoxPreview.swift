public import ArgumentParser
import VisionData
import VisionImage
import VisionNet
import VisionSystem
import VisionTasks
public import VisionTraining

/// `visionnet preview` for images with boxes: a sheet of samples with their boxes drawn.
struct BoxPreview {
  let command: Preview
  let messages: Messages

  /// The longer side of an image on the sheet, so that boxes and labels can be seen.
  private static let side = 320
  /// Of objects that are neither learned nor taken for background.
  private static let ignored = RGBColor(red: 150, green: 150, blue: 150)

  func run() throws {
    guard let preset = AugmentationPreset(rawValue: command.augment) else {
      throw CommandError(
        .usage, "images with boxes are changed by a preset: none, light, standard or strong",
        place: "--augment \(command.augment)")
    }
    let data = try AnnotatedData(
      contentsOf: command.data, options: command.annotated.options, validation: 0, seed: command.seed)
    try data.check()
    BoxDataText(data).sayNotes(messages)
    let changed = try BoxSamples.preview(
      data, size: command.imageSize.map { ImageSize($0) }, preset, mosaic: command.boxes.mosaic,
      mixup: command.boxes.mixup ?? 0, paste: command.boxes.copyPaste ?? 0)
    let (rows, skipped) = try rows(of: data, changed)
    for file in data.skipped + skipped {
      messages.error("\(FilePath(file.path).printable): skipped, \(file.message)")
    }
    let path = command.output ?? "preview-\(data.name).png"
    try command.overwriting.check(path)
    let sheet = ContactSheet(
      title: "\(FilePath(data.name).printable), augmentation: \(command.augment)",
      legend: legend(data, changed), rows: rows, side: Self.side)
    try sheet.image().write(to: path)
    try WrittenFiles(path).write(command.format)
    if !skipped.isEmpty || !data.skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  private var count: Int { command.count ?? 5 }

  private func legend(_ data: AnnotatedData, _ samples: BoxSamples) -> [String] {
    let input = samples.preprocessing
    var legend = [
      "Left, framed: an image with an object of the class, as the network sees it when it detects, "
        + "\(input.width) x \(input.height) pixels."
    ]
    if count > 0 {
      legend.append(
        "Right: the same sample as training sees it in \(count == 1 ? "an epoch" : "\(count) epochs").")
      legend.append("Changes: \(samples.augmentation.readable).")
    }
    legend.append(
      "Gray boxes are ignored: crowds, difficult objects, and what is cut down to less than a tenth.")
    if data.classes.count > command.classes {
      legend.append("\(command.classes) of \(data.classes.count) classes; --classes shows more.")
    }
    return legend
  }

  /// For each class that has objects one readable image, chosen by the seed.
  private func rows(of data: AnnotatedData, _ changed: BoxSamples) throws -> (
    [ContactSheet.Row], [SkippedFile]
  ) {
    let plain = try changed.unchanged()
    let counts = data.objects(in: data.training)
    var (rows, skipped) = ([ContactSheet.Row](), Set<SkippedFile>())
    for (index, label) in data.classes.enumerated().prefix(command.classes) where counts[index] > 0 {
      let members = data.training.indices.filter { data.training[$0].objects.contains { $0.label == index } }
      var random = AugmentationRandom(AugmentationKey(seed: command.seed, sample: index))
      let start = random.integer(below: members.count)
      for sample in members[start...] + members[..<start] {
        do {
          let key = AugmentationKey(seed: command.seed, sample: sample)
          let original = try drawn(plain.augmented(key), data.classes)
          let variants = try (0..<count).map { epoch in
            try drawn(
              changed.augmented(AugmentationKey(seed: command.seed, epoch: epoch, sample: sample)),
              data.classes)
          }
          let objects = counts[index]
          rows.append(
            ContactSheet.Row(
              label: FilePath(label).printable, note: "(\(objects) \(objects == 1 ? "object" : "objects"))",
              original: original, variants: variants))
          break
        } catch let error as TrainingError where error.blame == .data || error.blame == .missingInput {
          // Mosaics may also meet files that cannot be read.
          skipped.insert(
            SkippedFile(
              path: error.place ?? data.training[sample].name, code: error.code, message: error.message))
        }
      }
    }
    guard !rows.isEmpty else {
      throw DatasetError(.noneReadable, "no image can be read", place: data.path)
    }
    return (rows, skipped.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
  }

  /// A sample at its size on the sheet, with its boxes.
  private func drawn(_ sample: (image: Image, truth: BoxTruth), _ classes: [String]) throws -> Image {
    let (image, truth) = sample
    let cell = ContactSheet.cell(width: image.width, height: image.height, side: Self.side)
    let shown =
      (cell.width, cell.height) == (image.width, image.height)
      ? image
      : try image.resized(
        width: cell.width, height: cell.height, filter: cell.width > image.width ? .nearest : .bicubic)
    let (x, y) = (
      Double(cell.width) / Double(image.width), Double(cell.height) / Double(image.height)
    )
    return try shown.marked(
      truth.objects.map { object in
        MarkedBox(
          PixelRegion(
            x: object.box.x * x, y: object.box.y * y, width: object.box.width * x,
            height: object.box.height * y),
          label: object.isIgnored ? "" : classes[object.index].escapingControls,
          color: object.isIgnored ? Self.ignored : ClassColors.color(of: object.index))
      })
  }
}

extension TaskChoice: ExpressibleByArgument {}
