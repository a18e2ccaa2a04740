import VisionGraph
import VisionSystem
import VisionTensor

extension TrainerSettings {
  /// What a configuration with every setting says.
  ///
  /// - Parameter batches: of an epoch.
  /// - Throws: `TrainingError` with code `settings` where two settings contradict each other.
  init(_ configuration: TrainConfiguration, batches: Int) throws(TrainingError) {
    self.init()
    let epochs = configuration.epochs ?? 1
    seed = configuration.seed ?? 0
    threads = configuration.threads
    optimizer = Self.optimizer(configuration)
    schedule = try Self.schedule(configuration, epochs: epochs, batches: batches)
    let isMixed = (configuration.mixup ?? 0) > 0 || (configuration.cutmix ?? 0) > 0
    switch configuration.loss ?? .crossEntropy {
    case .crossEntropy:
      loss = SoftmaxCrossEntropy(labelSmoothing: Float(configuration.labelSmoothing ?? 0))
    case .focal:
      guard !isMixed, (configuration.labelSmoothing ?? 0) == 0 else {
        throw TrainingError(
          .settings, "the focal loss wants one class an image, not a mixture",
          remedy: "leave mixup, cutmix and label-smoothing away, or use cross-entropy")
      }
      loss = FocalLoss()
    }
    classWeights = configuration.classWeights == .balanced ? .balanced : .equal
    if let clip = configuration.clip, clip > 0 { clipping = .norm(Float(clip)) }
    if let decay = configuration.averaging, decay > 0 { averageDecay = Float(decay) }
    if let patience = configuration.patience, patience > 0 { stopping = Patience(patience) }
  }

  private static func optimizer(_ configuration: TrainConfiguration) -> any Optimizer {
    let momentum = Float(configuration.momentum ?? 0)
    let decay = Float(configuration.weightDecay ?? 0)
    return switch configuration.optimizer ?? .sgd {
    case .sgd: SGD(momentum: momentum, nesterov: momentum > 0, weightDecay: decay)
    case .adam: Adam(weightDecay: decay)
    case .adamw: AdamW(weightDecay: decay)
    case .rmsprop: RMSprop(momentum: momentum, weightDecay: decay)
    case .lamb: LAMB(weightDecay: decay)
    case .lars: LARS(momentum: momentum, weightDecay: decay)
    }
  }

  private static func schedule(_ configuration: TrainConfiguration, epochs: Int, batches: Int)
    throws(TrainingError) -> any Schedule
  {
    let rate = configuration.rate ?? 1e-3
    let warmup = configuration.warmup ?? 0
    guard warmup < Double(epochs) || warmup == 0 else {
      throw TrainingError(
        .settings, "a warm-up of \(warmup) epochs is no shorter than the \(epochs) of the run",
        remedy: "give a smaller warmup or more epochs")
    }
    let rise = WarmUp.steps(Int(saturating: (warmup * Double(batches)).rounded()))
    return switch configuration.schedule ?? .constant {
    case .constant: ConstantSchedule(rate, warmUp: rise)
    case .step: StepSchedule(rate, drops: .shares([1.0 / 3, 2.0 / 3]), warmUp: rise)
    case .cosine: CosineSchedule(rate, warmUp: rise)
    case .oneCycle: OneCycleSchedule(rate, rise: warmup / Double(epochs))
    }
  }
}
