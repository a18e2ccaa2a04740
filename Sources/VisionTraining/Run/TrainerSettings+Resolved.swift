import VisionData
import VisionGraph
import VisionSystem
import VisionTensor

extension TrainerSettings {
  /// The trainer settings that follow from the settings of a run, without the loss, which is the
  /// task's.
  ///
  /// - Parameter samples: the number of training images.
  init(_ settings: ResolvedSettings, samples: Int) {
    self.init()
    batchSize = min(settings[.batchSize], max(samples, 1))
    (lastBatch, loaderThreads) = (.leftOut, settings[.threads])
    let (mixUp, cutMix) = (settings[.mixup], settings[.cutmix])
    // The samples of a detector are mixed one by one, with their boxes.
    if settings.recipe != .detector, mixUp > 0 || cutMix > 0 {
      mixing = BatchMixing(mixUp: mixUp > 0 ? mixUp : nil, cutMix: cutMix > 0 ? cutMix : nil)
    }
    seed = settings[.seed]
    threads = settings[.threads]
    optimizer = Self.optimizer(settings)
    schedule = Self.schedule(settings, batches: samples / batchSize)
    classWeights = settings[.classWeights] == .balanced ? .balanced : .equal
    if settings[.clip] > 0 { clipping = .norm(Float(settings[.clip])) }
    if settings[.averaging] > 0 { averageDecay = Float(settings[.averaging]) }
    if settings[.patience] > 0 { stopping = Patience(settings[.patience]) }
  }

  private static func optimizer(_ settings: ResolvedSettings) -> any Optimizer {
    let (momentum, decay) = (Float(settings[.momentum]), Float(settings[.weightDecay]))
    return switch settings[.optimizer] {
    case .sgd: SGD(momentum: momentum, nesterov: momentum > 0, weightDecay: decay)
    case .adam: Adam(weightDecay: decay)
    case .adamw: AdamW(weightDecay: decay)
    case .rmsprop: RMSprop(momentum: momentum, weightDecay: decay)
    case .lamb: LAMB(weightDecay: decay)
    case .lars: LARS(momentum: momentum, weightDecay: decay)
    }
  }

  private static func schedule(_ settings: ResolvedSettings, batches: Int) -> any Schedule {
    let (rate, warmup) = (settings[.rate], settings[.warmup])
    let rise = WarmUp.steps(Int(saturating: (warmup * Double(batches)).rounded()))
    return switch settings[.schedule] {
    case .constant: ConstantSchedule(rate, warmUp: rise)
    case .step: StepSchedule(rate, drops: .shares([1.0 / 3, 2.0 / 3]), warmUp: rise)
    case .cosine: CosineSchedule(rate, warmUp: rise)
    case .oneCycle: OneCycleSchedule(rate, rise: warmup / Double(settings[.epochs]))
    }
  }
}
