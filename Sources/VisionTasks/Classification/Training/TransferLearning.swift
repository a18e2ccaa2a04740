public import VisionTraining
public import VisionInference
public import VisionData
import VisionCompute
public import VisionImage
public import VisionModel
public import VisionSystem
import VisionTensor

/// Trains a classifier on a folder of images: a new last layer is trained on the features that the backbone
/// of a pretrained model computes. The backbone stays as it is, unless `fineTuning` trains blocks of it.
///
/// ```swift
/// let backbone = try Backbone(Model(contentsOf: PretrainedStore.standard().resolve("efficientnet-lite0")))
/// let result = try TransferLearning(backbone).train(on: ImageFolder("photos"))
/// try result.model.write(to: "photos.onnx")
/// ```
///
/// The same images and settings give the same bytes, whatever the number of threads.
public struct TransferLearning: Sendable {
  /// An event of training.
  public enum Event: Sendable {
    /// Images are read, and the backbone computes their features.
    case features(FeatureExtractor.Progress)
    /// A file was skipped.
    case skipped(SkippedFile)
    /// Information for the user.
    case note(String)
    /// A setting of the last layer was tried.
    case candidate(HeadTrainer.Candidate)
    /// The last layer is trained again on training and validation images, with the chosen settings.
    case refitting(images: Int)
    /// Blocks of the backbone are trained.
    case fineTuning(TrainingEvent)
  }

  /// The result of fine-tuning blocks of the backbone.
  public struct FineTuned: Sendable {
    public let training: TrainingResult
    public let settings: ResolvedSettings
    /// The metrics on the validation images before fine-tuning; nil without validation images.
    public let frozen: ClassificationMetrics?
    /// The metrics of the fine-tuned network on the validation images; nil without validation images.
    public let tuned: ClassificationMetrics?
    /// Whether the fine-tuned network was kept: it must be better than the frozen one on the validation
    /// images, if there are any.
    public let isKept: Bool
  }

  /// The result of training.
  public struct Result: Sendable {
    /// The classifier.
    public let model: Model
    /// The name of the pretrained model; empty if it has none.
    public let backboneName: String
    /// The data without skipped files.
    public let data: ImageFolder
    let validated: MeasuredImages?
    let tested: MeasuredImages?
    /// The images held back while the settings were chosen, as validation images or in a round of
    /// cross-validation, and the predictions of a last layer that was not trained on them.
    public let heldBackPredictions: ClassifiedImages
    /// The classifier that `validation` was measured with; the same as `model`, unless that was refitted.
    public let validatedModel: Model
    /// The metrics of the classifier on the images that it was trained on.
    public let training: ClassificationMetrics
    public let selection: HeadTrainer.Selection
    /// The temperature and the threshold of the classifier.
    public let calibration: Calibration
    /// The result of fine-tuning; nil without fine-tuning.
    public let fineTuned: FineTuned?
    /// Whether the last layer was also trained on the validation images, after the settings were chosen.
    public let isRefitted: Bool
    /// The files that could not be used.
    public let skipped: [SkippedFile]
    /// The number of images whose features came from the cache.
    public let cached: Int

    /// The metrics of `validatedModel` on the validation images; nil without validation images.
    public var validation: ClassificationMetrics? { validated?.metrics }
    /// The metrics of the classifier on the test images; nil without test images.
    public var test: ClassificationMetrics? { tested?.metrics }
    /// The predictions of `validatedModel` for the validation images; nil without validation images.
    public var validationPredictions: ClassifiedImages? { validated?.predictions }
    /// The predictions of the classifier for the test images; nil without test images.
    public var testPredictions: ClassifiedImages? { tested?.predictions }
  }

  /// The images that could be read, and their features.
  struct Material {
    let data: ImageFolder
    /// The hashes of the files of `data.images`.
    let hashes: [ContentHash]
    let training: HeadTrainer.Examples
    let validation: HeadTrainer.Examples
    let test: HeadTrainer.Examples
    let skipped: [SkippedFile]
    /// The number of images whose features came from the cache.
    let cached: Int
  }

  public let backbone: Backbone
  /// Threads to use; nil is one per core.
  public var threads: Int?
  /// The folder of the feature cache; nil for none.
  public var cacheFolder: String?
  /// Whether the first file that cannot be used is an error.
  public var isStrict = false
  /// Whether the model keeps hashes of its training images, so that evaluations can recognize them.
  public var keepsImageHashes = true
  /// Whether files with minor defects count as unreadable, see `ImageOptions.isStrict`.
  public var isStrictDecoding = false
  /// The settings of fine-tuning blocks of the backbone, after the last layer is trained; nil for no
  /// fine-tuning. Open settings get defaults that depend on the data.
  public var fineTuning: GivenSettings?
  /// The folder for checkpoint and logs of fine-tuning, which must exist; nil for none.
  public var fineTuningFolder: String?

  public init(_ backbone: Backbone, threads: Int? = nil, cacheFolder: String? = nil, isStrict: Bool = false) {
    self.backbone = backbone
    self.threads = threads
    self.cacheFolder = cacheFolder
    self.isStrict = isStrict
  }

  /// Trains a classifier on the images of `folder`.
  ///
  /// - Parameters:
  ///   - isCancelled: asked on the calling thread between images, between the steps of fitting the last layer
  ///     and between those of fine-tuning; true ends training.
  ///   - report: called with each event, by one thread at a time.
  /// - Throws: `TrainingError`: errors of the data when there is nothing to learn; `skipped` for an
  ///   unreadable file when strict; `interrupted` when cancelled.
  public func train(
    on folder: ImageFolder, isCancelled: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws(TrainingError) -> Result {
    let cancellation = CancellationCheck(isCancelled)
    let isCancelled: @Sendable () -> Bool = { cancellation.isCancelled }
    do {
      try folder.check()
      try folder.checkSingleLabel()
    } catch { throw TrainingError(error) }
    return try train(read(folder, isCancelled, report), isCancelled, report)
  }

  /// Computes the features of all images, and leaves out the files that cannot be used.
  private func read(
    _ folder: ImageFolder, _ isCancelled: @escaping @Sendable () -> Bool,
    _ report: @escaping @Sendable (Event) -> Void
  ) throws(TrainingError) -> Material {
    var skipped: [SkippedFile] = []
    for file in folder.skipped { try skip(file, &skipped, report) }
    var extractor = try FeatureExtractor(backbone, threads: threads, cacheFolder: cacheFolder)
    extractor.isStrictDecoding = isStrictDecoding
    let images = folder.images
    let extracted = try extractor.features(
      of: images.map(\.path), isStrict: isStrict, isCancelled: isCancelled
    ) {
      report(.features($0))
    }
    for note in extracted.notes { report(.note(note)) }
    if let odd = OddImage.summary(extracted.odd) { report(.note(odd)) }
    let bad = extracted.failures.map { SkippedFile(path: images[$0.index].path, $0.error) }
    for file in bad.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
      try skip(file, &skipped, report)
    }
    let known = extracted.hashes.compactMap { $0 }
    var rows: [LabeledImage: Int] = [:]
    for (image, row) in zip(images, extracted.rows) { rows[image] = row }
    let data = folder.filtered { rows[$0] != nil }
    do {
      try data.check()
    } catch { throw TrainingError(error.afterReading(data)) }
    func examples(_ images: [LabeledImage]) -> HeadTrainer.Examples {
      HeadTrainer.Examples(
        features: extracted.features.selecting(images.compactMap { rows[$0] }),
        labels: images.map(\.label))
    }
    return Material(
      data: data, hashes: data.images.compactMap { rows[$0] }.map { known[$0] },
      training: examples(data.training), validation: examples(data.validation), test: examples(data.test),
      skipped: skipped, cached: extracted.cached)
  }

  private func train(
    _ material: Material, _ isCancelled: @escaping @Sendable () -> Bool,
    _ report: @escaping @Sendable (Event) -> Void
  ) throws(TrainingError) -> Result {
    let data = material.data
    let choice = HeadChoice(
      material, name: backbone.model.provenance?.name, threads: threads, isCancelled: isCancelled
    ) {
      report(.candidate($0))
    }
    let calibration = choice.selection.calibration
    let head = try choice.fit(material.training)
    let validated = try choice.measured(head, material.validation, data.validation)
    let validatedModel = try model(
      data, head, calibration, seenImages(data, material.hashes, isRefitted: false))
    var fineTuned: FineTuned?
    if let fineTuning, fineTuning.recipe == .fineTune {
      let tuning = try tune(
        validatedModel, material, fineTuning, validated?.metrics, isCancelled, report)
      if tuning.fineTuned.isKept { return try result(of: tuning, material, choice.selection, isCancelled) }
      fineTuned = tuning.fineTuned
    }
    var (last, all, model) = (head, material.training, validatedModel)
    let isRefitted = data.split == .automatic && material.validation.count > 0
    if isRefitted {
      all = all.appending(material.validation)
      report(.refitting(images: all.count))
      last = try choice.fit(all)
      model = try self.model(data, last, calibration, seenImages(data, material.hashes, isRefitted: true))
    }
    let tested = try choice.measured(last, material.test, data.test)
    return Result(
      model: model, backboneName: backbone.model.provenance?.name ?? "", data: data, validated: validated,
      tested: tested, heldBackPredictions: Self.heldBack(data, choice.selection),
      validatedModel: validatedModel, training: try choice.metrics(last, all),
      selection: choice.selection, calibration: calibration, fineTuned: fineTuned, isRefitted: isRefitted,
      skipped: material.skipped, cached: material.cached)
  }

  /// The images that the model was trained with, including those of the backbone; nil if hashes are not kept.
  ///
  /// - Parameters:
  ///   - hashes: the hashes of the files of `data.images`.
  ///   - isRefitted: whether the weights were also fitted to the validation images.
  private func seenImages(_ data: ImageFolder, _ hashes: [ContentHash], isRefitted: Bool)
    -> Model.TrainingImages?
  {
    guard keepsImageHashes else { return nil }
    let own = Model.TrainingImages(data, hashes: hashes, isRefitted: isRefitted)
    return backbone.model.trainingImages?.union(own) ?? own
  }

  private func model(
    _ data: ImageFolder, _ head: LinearHead, _ calibration: Calibration, _ seen: Model.TrainingImages?
  ) throws(TrainingError) -> Model {
    let source = backbone.model.provenance
    var result = try backbone.model(
      with: head, labels: data.labels, calibration: calibration,
      provenance: Model.Provenance(
        name: "\(data.name) (\(source?.name ?? "unnamed backbone"))",
        source: "last layer trained by VisionNet on \(data.name); backbone \(source?.name ?? "unnamed"): "
          + (source?.source ?? "unknown"),
        license: source?.license ?? ""))
    result.trainingImages = seen
    return result
  }

  static func heldBack(_ data: ImageFolder, _ selection: HeadTrainer.Selection) -> ClassifiedImages {
    let images = data.training + data.validation
    return ClassifiedImages(
      images: selection.heldBack.positions.map { images[$0] },
      probabilities: SoftmaxRows.probabilities(
        selection.heldBack.logits, temperature: selection.calibration.temperature))
  }

  private func skip(_ file: SkippedFile, _ skipped: inout [SkippedFile], _ report: (Event) -> Void)
    throws(TrainingError)
  {
    if isStrict { throw TrainingError.skipped(file) }
    skipped.append(file)
    report(.skipped(file))
  }
}
