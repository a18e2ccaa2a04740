import VisionData
import VisionImage
import VisionLayers
import VisionSystem
import VisionTraining

/// What the images and boxes of a survey decide of the settings of a detector.
struct BoxDefaults: SurveyedData {
  let survey: AnnotatedSurvey

  var samples: Int { survey.data.training.count }
  var root: String { survey.data.path }
  var isGray: Bool { survey.isGray }
  /// Of the networks with random weights that are small enough for an ordinary processor.
  var architecture: String { "mobilenet_v2" }

  /// A network with random weights, if one is asked for; a pretrained one is named by `model`.
  func network(_ settings: ResolvedSettings) throws(TrainingError) -> (name: String?, isNormalized: Bool) {
    guard settings[.isFromScratch] else { return (nil, true) }
    return (try DetectorStart.architecture(settings).name, true)
  }

  /// The sides of square inputs to choose from.
  static let sides = [320, 416, 512, 640]
  /// The stride of the coarsest level; sides of inputs are multiples of it.
  static let stride = 32
  /// Objects smaller than this in the input, as the root of their area in pixels, are hardly found: they cover less
  /// than one and a half cells of the finest level, whose stride is 8.
  static let smallObject = 12.0
  /// The part of the objects that may be that small.
  static let toleratedShare = 0.05

  /// An input of about 416 × 416 pixels with the shape that most images have, or a larger one where many objects would
  /// be too small in it; of 320 × 320 for images that are no larger.
  func imageSize(for architecture: String?) -> ImageSize {
    let usual = survey.longerSide <= 320 ? 320 : 416
    let sizes = Self.sides.filter { $0 >= usual }.map(size)
    // More pixels than the images have show nothing new.
    let largest = sizes.last { max($0.width, $0.height) <= survey.longerSide } ?? sizes[0]
    let fitting = sizes.first { survey.shareBelow(Self.smallObject, in: $0) <= Self.toleratedShare }
    guard let fitting, fitting.width <= largest.width else { return largest }
    return fitting
  }

  /// An input with about the pixels of a square, and the shape that nine in ten of the images have.
  private func size(_ side: Int) -> ImageSize {
    guard let shape = survey.commonShape else { return ImageSize(side) }
    func length(_ exact: Double) -> Int {
      max(Int(saturating: (exact / Double(Self.stride)).rounded()), 1) * Self.stride
    }
    return ImageSize(
      width: length(Double(side) * shape.squareRoot()), height: length(Double(side) / shape.squareRoot()))
  }

  func choice(of setting: String, in situation: Situation) -> (any Sendable)? {
    switch setting {
    case Setting.epochs.name: epochs
    case Setting.batchSize.name: min(samples >= 2_000 ? 16 : 8, max(samples / 2, 1))
    case Setting.optimizer.name: OptimizerChoice.adamw
    case Setting.schedule.name: ScheduleChoice.cosine
    case Setting.rate.name: 1e-3
    case Setting.warmup.name: min(3, Double(situation[.epochs]) / 10)
    case Setting.weightDecay.name: 0.02
    case Setting.momentum.name: 0.0
    case Setting.averaging.name: averaging(situation)
    case Setting.clip.name: 10.0
    case Setting.augmentation.name: AugmentationPreset.standard
    default: nil
    }
  }

  /// About 12,000 samples in all, but at least 12 times and at most 150 times each.
  private var epochs: Int { min(max((12_000 + samples - 1) / max(samples, 1), 12), 150) }

  /// An average over about the last twentieth of the steps.
  private func averaging(_ situation: Situation) -> Double {
    let batches = max(samples / situation[.batchSize], 1)
    let steps = Double(batches * situation[.epochs])
    let decay = min(max(1 - 20 / steps, 0.9), 0.9998)
    return (decay * 1e4).rounded() / 1e4
  }
}
