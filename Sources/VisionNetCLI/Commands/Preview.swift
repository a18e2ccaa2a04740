import VisionData
import VisionTraining
import VisionImage
import ArgumentParser
import VisionNet

/// `visionnet preview`: draws training images with and without augmentation.
struct Preview: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Draw a sheet of training images as the network sees them, before and after augmentation.",
    discussion: """
      DATA is what `train` takes. The sheet has one row per class: an image as the network sees it, then the \
      same image as training sees it in successive epochs. The images are only read.

      --augment takes a preset, none, light, standard or strong, or a list such as \
      "padAndCrop(padding: 4), horizontalFlip, colorJitter(brightness: 0.3)".

      Where DATA has annotated boxes, the boxes are drawn, as they go with the pixels; --augment then takes a \
      preset.
      """)

  @Argument(
    help: "A folder of class folders, a table of paths and labels, or images with annotated boxes.",
    completion: .directory)
  var data: String

  @Option(help: "A preset, none, light, standard or strong, or a list of augmentations.")
  var augment = AugmentationPreset.standard.rawValue

  @Option(help: "The network's input size in pixels. (default: 224, or the size of small images)")
  var imageSize: Int?

  @Option(help: "Augmented images per row. (default: 8, or 5 with boxes)")
  var count: Int?

  @OptionGroup(title: "Boxes") var boxes: BoxSampleFlags

  @OptionGroup var annotated: AnnotationsOption

  @Option(help: "What the data are for: classification or detection. (default: by what they are)")
  var task: TaskChoice?

  @Option(help: "The maximum number of classes to show.")
  var classes = 20

  @Option(help: "Seed for the choice of images and for augmentation.")
  var seed: UInt64 = 0

  @Option(
    name: .shortAndLong, help: "The file to write, .png or .jpg. (default: preview-DATA.png)",
    completion: .file())
  var output: String?

  @Option(help: "The column of a table that holds the labels, by its heading. (default: detected)")
  var labelColumn: String?

  @Option(help: "Output format.")
  var format = ReportFormat.text

  @OptionGroup var overwriting: OverwriteFlag

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func validate() throws {
    guard imageSize.map({ (8...1024).contains($0) }) ?? true else {
      throw ValidationError("--image-size must be from 8 to 1024")
    }
    guard (0...64).contains(count ?? 8) else { throw ValidationError("--count must be from 0 to 64") }
    guard (1...200).contains(classes) else { throw ValidationError("--classes must be from 1 to 200") }
    guard output.map({ ImageFormat(path: $0)?.isWritten == true }) ?? true else {
      throw ValidationError("the name of the file to write must end with .png or .jpg: '\(output ?? "")'")
    }
  }

  func run() throws {
    let messages = saying.messages
    try overwriting.check(output)
    if try annotated.areBoxes(data, task: task) {
      return try BoxPreview(command: self, messages: messages).run()
    }
    guard boxes.isEmpty else {
      throw CommandError(
        .usage, "--mosaic, --mixup and --copy-paste are for images with boxes, and these have none")
    }
    let count = count ?? 8
    let folder = try ImageFolder(data, validation: 0, seed: seed, labelColumn: labelColumn)
    DatasetText(folder).sayNotes(messages)
    guard !folder.training.isEmpty else {
      throw DatasetError(
        .noImages, "there are no images to train on", place: folder.root,
        remedy: "give a folder with a folder of PNG or JPEG files for each class")
    }
    let survey = try ImageSurvey(folder.training)
    let preprocessing = survey.preprocessing(size: imageSize)
    let content = survey.content(labels: folder.labels)
    let policy = try policy(preprocessing, content)
    let (rows, skipped) = try rows(of: folder, preprocessing, policy, count)
    for file in folder.skipped + skipped {
      messages.error("\(FilePath(file.path).printable): skipped, \(file.message)")
    }
    let path = output ?? "preview-\(folder.name).png"
    try overwriting.check(path)
    let sheet = ContactSheet(
      title: "\(FilePath(folder.name).printable), augmentation: \(presetName)",
      legend: legend(folder, preprocessing, policy, content, count), rows: rows)
    try sheet.image().write(to: path)
    try WrittenFiles(path).write(format)
    if !skipped.isEmpty || !folder.skipped.isEmpty { throw ExitStatus.incomplete.exitCode }
  }

  private var presetName: String { AugmentationPreset(rawValue: augment) == nil ? "as given" : augment }

  private func policy(
    _ preprocessing: Preprocessing, _ content: ImageContent
  ) throws -> AugmentationPolicy {
    if let preset = AugmentationPreset(rawValue: augment) {
      return AugmentationPolicy(
        preset, width: preprocessing.width, height: preprocessing.height, content: content)
    }
    return try AugmentationPolicy(augment)
  }

  private func legend(
    _ folder: ImageFolder, _ preprocessing: Preprocessing, _ policy: AugmentationPolicy,
    _ content: ImageContent, _ count: Int
  ) -> [String] {
    let size = "\(preprocessing.width) x \(preprocessing.height) pixels"
    var legend = [
      "Left, framed: an image of each class as the network sees it when it classifies, \(size)"
        + (preprocessing.channels == .gray ? ", gray." : ".")
    ]
    if count > 0 {
      legend.append(
        policy.isEmpty
          ? "Right: as training sees it; without augmentation always the same."
          : "Right: the same image as training sees it in \(count == 1 ? "an epoch" : "\(count) epochs").")
    }
    if !policy.isEmpty { legend.append("Steps: \(policy.readable).") }
    if AugmentationPreset(rawValue: augment) != nil, content == .symbols, !policy.isEmpty {
      legend.append("Taken for digits, letters or signs: never mirrored.")
    }
    if folder.labels.count > classes {
      legend.append("\(classes) of \(folder.labels.count) classes; --classes shows more.")
    }
    return legend
  }

  /// For each class, one readable image chosen by the seed. The augmentation keys are those of training, so a
  /// row shows exactly what training with this seed does to the image.
  private func rows(
    of folder: ImageFolder, _ preprocessing: Preprocessing, _ policy: AugmentationPolicy, _ variants: Int
  ) throws -> ([ContactSheet.Row], [SkippedFile]) {
    var (rows, skipped) = ([ContactSheet.Row](), [SkippedFile]())
    for (index, label) in folder.labels.enumerated().prefix(classes) {
      let members = folder.training.indices.filter { folder.training[$0].labels.contains(index) }
      guard !members.isEmpty else { continue }
      var random = AugmentationRandom(AugmentationKey(seed: seed, sample: index))
      let start = random.integer(below: members.count)
      for sample in members[start...] + members[..<start] {
        let image: Image
        do { image = try Image(contentsOf: folder.training[sample].path) } catch {
          skipped.append(SkippedFile(path: folder.training[sample].path, error))
          continue
        }
        let count = members.count
        rows.append(
          ContactSheet.Row(
            label: FilePath(label).printable, note: "(\(count) \(count == 1 ? "image" : "images"))",
            original: try preprocessing.image(of: image),
            variants: try (0..<variants).map { epoch in
              try preprocessing.image(
                of: image, augmentedBy: policy, AugmentationKey(seed: seed, epoch: epoch, sample: sample))
            }))
        break
      }
    }
    guard !rows.isEmpty else {
      throw DatasetError(.noneReadable, "no image can be read", place: folder.root)
    }
    return (rows, skipped)
  }
}
