public import VisionSystem
public import VisionData
public import VisionImage
import VisionGraph
import VisionLayers

/// What suits the data where a training run from random weights leaves a setting open.
public struct ScratchDefaults: Sendable {
  public let survey: FolderSurvey

  public init(_ survey: FolderSurvey) { self.survey = survey }

  /// Images that are no larger are learned as they are.
  static let smallSide = 64

  /// The network: a small CNN for small gray images, ResNet-20 for small colored ones, ResNet-18 for photos.
  var architecture: String {
    guard imageSize(nil).width <= Self.smallSide else { return "resnet18" }
    return survey.isGray ? "simple-cnn" : "resnet20"
  }

  /// The size of the images if they are small and of one size; else 32, 64 or 128, whatever is nearest below the
  /// median of their shorter sides. A network that cannot take that size takes the size it was published for.
  func imageSize(_ architecture: Architecture?) -> ImageSize {
    var size = ImageSize(survey.shorterSide >= 96 ? 128 : survey.shorterSide >= 48 ? 64 : 32)
    if let common = survey.commonSize, max(common.width, common.height) <= Self.smallSide {
      size = ImageSize(width: max(common.width, 8), height: max(common.height, 8))
    }
    guard let architecture else { return size }
    let input = (survey.isGray ? 1 : 3, size.height, size.width)
    if (try? architecture.graph(classes: survey.data.labels.count, input: input)) != nil { return size }
    return ImageSize(width: architecture.input.width, height: architecture.input.height)
  }

  /// About 300,000 images of small sizes or 100,000 photos in all, in 12 to 60 rounds.
  func epochs(_ size: ImageSize) -> Int {
    let wanted = max(size.width, size.height) <= Self.smallSide ? 300_000 : 100_000
    let count = max(survey.data.training.count, 1)
    return min(max((wanted + count - 1) / count, 12), 60)
  }

  /// A power of two of 8 to 128 that makes some 30 steps of an epoch.
  var batchSize: Int {
    let count = survey.data.training.count
    var size = 8
    while size < 128 && size * 2 * 30 <= count { size *= 2 }
    return min(size, count)
  }

  /// Every setting that a run needs, those that are given kept.
  ///
  /// Networks with batch normalization learn by SGD with Nesterov's momentum in one cycle; others by AdamW along a
  /// cosine, since their gradients differ too much from layer to layer for one rate.
  ///
  /// - Throws: `TrainingError` with code `architecture` for one that does not exist, and of the graph when the network
  ///   cannot take the images.
  public func resolved(_ given: TrainConfiguration) throws(TrainingError) -> TrainConfiguration {
    var result = given
    result.data = given.data ?? survey.data.root
    result.isFromScratch = true
    let network = try ScratchNetwork.architecture(given.architecture ?? architecture)
    result.architecture = network.name
    let size = given.imageSize ?? imageSize(network)
    result.imageSize = size
    result.decoding = given.decoding ?? .full
    let graph: Graph
    do {
      graph = try network.graph(
        classes: survey.data.labels.count, input: (survey.isGray ? 1 : 3, size.height, size.width))
    } catch {
      throw TrainingError(
        .network, "\(network.title) cannot take images of \(size.width)×\(size.height): \(error)",
        remedy: "give another --image-size, such as \(network.input.width)")
    }
    let isNormalized = graph.nodes.contains { $0.operation is BatchNormalization }
    let isSmall = max(size.width, size.height) <= Self.smallSide
    result.validation = given.validation ?? 0.2
    result.isStrict = given.isStrict ?? false
    result.seed = given.seed ?? 0
    result.keepsImageHashes = given.keepsImageHashes ?? true
    result.augmentation = given.augmentation ?? (isSmall && survey.isGray ? .light : .standard)
    result.mixup = given.mixup ?? 0
    result.cutmix = given.cutmix ?? 0
    result.loss = given.loss ?? .crossEntropy
    result.classWeights = given.classWeights ?? ClassWeighting.none
    result.labelSmoothing = given.labelSmoothing ?? (isNormalized && result.loss == .crossEntropy ? 0.1 : 0)
    let epochs = given.epochs ?? self.epochs(size)
    result.epochs = epochs
    let batch = given.batchSize ?? batchSize
    result.batchSize = batch
    let optimizer = given.optimizer ?? (isNormalized ? .sgd : .adamw)
    result.optimizer = optimizer
    result.rate = given.rate ?? Self.rate(optimizer, batch: batch)
    result.schedule = given.schedule ?? (optimizer == .sgd ? .oneCycle : .cosine)
    result.warmup =
      given.warmup ?? (result.schedule == .oneCycle ? Double(epochs) / 4 : min(1, Double(epochs) / 10))
    result.weightDecay = given.weightDecay ?? Self.weightDecay(optimizer)
    result.momentum = given.momentum ?? ([.sgd, .lars].contains(optimizer) ? 0.9 : 0)
    result.averaging = given.averaging ?? 0
    result.clip = given.clip ?? (isNormalized ? 0 : 1)
    result.patience = given.patience ?? 0
    return result
  }

  /// In proportion to the batch for SGD (Goyal et al. 2017), to its root for the others.
  static func rate(_ optimizer: OptimizerChoice, batch: Int) -> Double {
    let share = Double(batch) / 128
    let rate: Double =
      switch optimizer {
      case .sgd: 0.2 * share
      case .adam, .adamw: 2e-3 * share.squareRoot()
      case .rmsprop: 5e-4 * share.squareRoot()
      case .lamb: 5e-3 * share.squareRoot()
      case .lars: 2 * share
      }
    var factor = 1.0
    // Two digits, which can be read.
    while rate * factor < 10 { factor *= 10 }
    return (rate * factor).rounded() / factor
  }

  static func weightDecay(_ optimizer: OptimizerChoice) -> Double {
    switch optimizer {
    case .sgd, .lars: 5e-4
    case .adam, .rmsprop: 1e-4
    case .adamw, .lamb: 1e-2
    }
  }

  /// How images of the surveyed kind become the input of a network: as they are where they have its size, squashed
  /// where they are small, else the middle 7/8; normalized by the mean and the deviation of the images to train on.
  public func preprocessing(_ size: ImageSize) throws(TrainingError) -> Preprocessing {
    let isSmall = max(size.width, size.height) <= Self.smallSide
    let channels = survey.isGray ? 1 : 3
    do {
      return try Preprocessing(
        width: size.width, height: size.height, fit: isSmall ? .squash : .centerCrop(fraction: 0.875),
        filter: .bilinear, channels: survey.isGray ? .gray : .rgb,
        scale: [Double](repeating: 1 / 255, count: channels), mean: Array(survey.mean.prefix(channels)),
        deviation: Array(survey.deviation.prefix(channels)))
    } catch { throw TrainingError(error) }
  }
}
