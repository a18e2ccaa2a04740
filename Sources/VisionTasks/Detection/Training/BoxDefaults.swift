import VisionData
import VisionImage
import VisionLayers
import VisionSystem
import VisionTraining

/// What the images and boxes of a survey decide of the settings of a detector.
struct BoxDefaults: SurveyedData {
  let survey: AnnotatedSurvey

  var samples: Int { survey.data.training.count }
  var heldBack: Double { survey.data.fraction }
  var root: String { survey.data.path }
  var isGray: Bool { survey.isGray }
  /// Of the networks with random weights that are small enough for an ordinary processor.
  var architecture: String { "mobilenet_v2" }

  /// A network with random weights, if one is asked for; a pretrained one is named by `model`.
  func network(_ settings: ResolvedSettings) throws(TrainingError) -> (name: String?, isNormalized: Bool) {
    guard settings[.isFromScratch] else { return (nil, true) }
    return (try DetectorStart.architecture(settings).name, true)
  }

  func imageSize(for architecture: String?) -> ImageSize { survey.data.detectorInput }

  func choice(of setting: String, in situation: Situation) -> (any Sendable)? {
    switch setting {
    case Setting.epochs.name: Self.epochs(samples)
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

  /// About 12,000 samples in all, but at least 12 times and at most 300 times each.
  static func epochs(_ samples: Int) -> Int { min(max((12_000 + samples - 1) / max(samples, 1), 12), 300) }

  /// An average over about the last twentieth of the steps.
  private func averaging(_ situation: Situation) -> Double {
    let batches = max(samples / situation[.batchSize], 1)
    let steps = Double(batches * situation[.epochs])
    let decay = min(max(1 - 20 / steps, 0.9), 0.9998)
    return (decay * 1e4).rounded() / 1e4
  }
}
