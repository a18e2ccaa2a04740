import VisionData
import VisionImage
import VisionSystem
import VisionTraining

/// What the images and boxes of a survey decide of the settings of a detector.
struct BoxDefaults: SurveyedData {
  let survey: AnnotatedSurvey
  /// The network that suits if none is named.
  let architecture: String
  /// The network that settings name, and whether it has batch normalization; throws for an unknown one.
  let named: @Sendable (ResolvedSettings) throws(TrainingError) -> (name: String, isNormalized: Bool)

  var samples: Int { survey.data.training.count }
  var root: String { survey.data.path }
  var isGray: Bool { survey.isGray }

  func network(_ settings: ResolvedSettings) throws(TrainingError) -> (name: String, isNormalized: Bool) {
    try named(settings)
  }

  /// The sides of inputs to choose from. They are multiples of 32, the stride of the coarsest level.
  static let sides = [320, 416, 512, 640]
  /// Objects smaller than this in the input, as the root of their area in pixels, are hardly found: they cover less
  /// than one and a half cells of the finest level, whose stride is 8.
  static let smallObject = 12.0
  /// The part of the objects that may be that small.
  static let toleratedShare = 0.05

  /// 416, or more where many objects would be too small in it; 320 for images that are no larger.
  func imageSize(for architecture: String?) -> ImageSize {
    let usual = survey.longerSide <= 320 ? 320 : 416
    let fitting = Self.sides.first {
      $0 >= usual && survey.shareBelow(Self.smallObject, side: $0) <= Self.toleratedShare
    }
    // More pixels than the images have show nothing new.
    let most = Self.sides.last { $0 <= max(survey.longerSide, usual) } ?? usual
    return ImageSize(min(fitting ?? most, max(most, usual)))
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
