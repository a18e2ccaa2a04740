import VisionData
import VisionSystem

/// Settings of gradient descent.
///
/// By default, a network with random weights and batch normalization is trained by SGD with Nesterov momentum
/// and a one-cycle schedule; one without, by AdamW with a cosine schedule, since its gradients differ too
/// much between layers for a single rate. A pretrained network is trained for a few epochs by AdamW, at a
/// small rate with a cosine schedule.
extension GivenSettings {
  static let learning: [any AnySetting] = [
    Setting.loss, Setting.classWeights, Setting.labelSmoothing, Setting.epochs, Setting.batchSize,
    Setting.optimizer, Setting.rate, Setting.schedule, Setting.warmup, Setting.weightDecay, Setting.momentum,
    Setting.averaging, Setting.clip, Setting.patience,
  ]
}

extension Setting where Choice == LossChoice {
  /// The loss function.
  public static let loss = Setting(
    "loss", .choice, .learning, recipes: [.fineTune, .scratch],
    objection: "a detector has losses of its own", help: "Loss function: cross-entropy or focal."
  ) { _ in .crossEntropy }
}

extension Setting where Choice == ClassWeighting {
  /// How images are weighted by class.
  public static let classWeights = Setting(
    "class-weights", .choice, .learning, recipes: [.fineTune, .scratch],
    help: "Weights of the classes: none, or balanced, where rare classes count as much as common ones."
  ) { _ in .none }
}

extension Setting where Choice == Int {
  /// Passes over the training images. For random weights, the default is 12 to 60, for about 300,000 small
  /// images or 100,000 photos in total. A pretrained network is trained for 3 to 10, for about 8,000 photos, or at
  /// inputs of at most 128 pixels for 4 to 15 and 240,000 images.
  public static let epochs = Setting(
    "epochs", .whole(1...100_000), .learning, help: "Passes over the training images."
  ) { situation in
    let samples = max(situation.samples, 1)
    guard situation.recipe == .scratch else {
      guard let size = situation[.imageSize], max(size.width, size.height) <= 128 else {
        return min(max(8_000 / samples, 3), 10)
      }
      return min(max(240_000 / samples, 4), 15)
    }
    let wanted = situation[.imageSize]?.isSmall == true ? 300_000 : 100_000
    return min(max((wanted + samples - 1) / samples, 12), 60)
  }

  /// Images per step. For random weights, the default is the largest power of two from 8 to 128 with at least
  /// 30 steps per epoch, or 8; never more than there are images.
  public static let batchSize = Setting(
    "batch-size", .whole(1...65_536), .learning, help: "Images per step."
  ) { situation in
    let samples = situation.samples
    guard situation.recipe == .scratch else { return min(32, max(samples, 1)) }
    var size = 8
    while size < 128 && size * 2 * 30 <= samples { size *= 2 }
    return min(size, max(samples, 1))
  }

  /// The consecutive epochs without a new best one after which the run ends; 0 for never.
  public static let patience = Setting(
    "patience", .whole(0...100_000), .learning,
    help: "Stop after this many epochs without an improvement. (default: 0, never)"
  ) { _ in 0 }
}

extension Setting where Choice == OptimizerChoice {
  /// The optimizer.
  public static let optimizer = Setting(
    "optimizer", .choice, .learning,
    help: "Optimizer: sgd (Nesterov), adam, adamw, rmsprop, lamb or lars."
  ) { $0.recipe == .scratch && $0.isNormalized ? .sgd : .adamw }
}

extension Setting where Choice == ScheduleChoice {
  /// The learning-rate schedule.
  public static let schedule = Setting(
    "schedule", .choice, .learning, help: "Learning-rate schedule: constant, step, cosine or one-cycle."
  ) { $0.recipe == .scratch && $0[.optimizer] == .sgd ? .oneCycle : .cosine }
}

extension Setting where Choice == Double {
  /// The probability that the target spreads over all classes, in 0..<1.
  public static let labelSmoothing = Setting(
    "label-smoothing", .share, .learning, recipes: [.fineTune, .scratch],
    help: "The probability that the target spreads over all classes.",
    suits: { $0.isNormalized && $0[.loss] == .crossEntropy ? 0.1 : 0 },
    rule: checkMixture)

  /// The learning rate, or the highest one of the schedule. For random weights, the default is proportional
  /// to the batch size for SGD and LARS (Goyal et al. 2017), and to its square root for the others.
  public static let rate = Setting(
    "lr", .number("above 0 and at most 1e12") { $0 > 0 && $0 <= 1e12 }, .learning,
    help: "The learning rate, or the highest one of the schedule."
  ) { situation in
    guard situation.recipe == .scratch else { return situation[.optimizer] == .sgd ? 2e-3 : 2e-4 }
    let share = Double(situation[.batchSize]) / 128
    let rate: Double =
      switch situation[.optimizer] {
      case .sgd: 0.2 * share
      case .adam, .adamw: 2e-3 * share.squareRoot()
      case .rmsprop: 5e-4 * share.squareRoot()
      case .lamb: 5e-3 * share.squareRoot()
      case .lars: 2 * share
      }
    var factor = 1.0
    // Rounded to two significant digits, for readability.
    while rate * factor < 10 { factor *= 10 }
    return (rate * factor).rounded() / factor
  }

  /// The epochs in which the rate grows from a small value.
  public static let warmup = Setting(
    "warmup", .number("of epochs from 0 to 1000") { (0...1000).contains($0) }, .learning,
    help: "The epochs in which the rate grows, at the beginning.",
    suits: { situation in
      let epochs = Double(situation[.epochs])
      let isCycle = situation.recipe == .scratch && situation[.schedule] == .oneCycle
      return isCycle ? epochs / 4 : min(1, epochs / 10)
    },
    rule: { warmup, settings throws(TrainingError) in
      let epochs = settings[.epochs]
      guard warmup < Double(epochs) || warmup == 0 else {
        throw TrainingError(
          .settings, "a warm-up of \(warmup) epochs is no shorter than the \(epochs) of the run",
          remedy: "give a smaller warmup or more epochs")
      }
    })

  /// The part of each weight that a step subtracts, times the rate; not applied to biases and norms.
  public static let weightDecay = Setting(
    "weight-decay", .upTo10, .learning,
    help: "The part of each weight that a step subtracts, times the rate; biases and norms are exempt."
  ) { situation in
    guard situation.recipe == .scratch else { return situation[.optimizer] == .sgd ? 1e-4 : 1e-2 }
    return switch situation[.optimizer] {
    case .sgd, .lars: 5e-4
    case .adam, .rmsprop: 1e-4
    case .adamw, .lamb: 1e-2
    }
  }

  /// The momentum of SGD, RMSprop and LARS, in 0..<1.
  public static let momentum = Setting(
    "momentum", .share, .learning, help: "The momentum of sgd, rmsprop and lars."
  ) { situation in
    switch situation[.optimizer] {
    case .sgd: 0.9
    case .lars: situation.recipe == .scratch ? 0.9 : 0
    case .adam, .adamw, .rmsprop, .lamb: 0
    }
  }

  /// The decay of the moving average of the weights, which is evaluated and kept instead of the weights; 0
  /// for none.
  public static let averaging = Setting(
    "ema", .share, .learning,
    help: "The decay of a moving average of the weights, which is then evaluated and kept. (default: 0, none)"
  ) { _ in 0 }

  /// The largest norm of the gradient, to which larger ones are scaled down; 0 for no limit.
  public static let clip = Setting(
    "clip", .number("from 0 to 1e6") { (0...1e6).contains($0) }, .learning,
    help: "The largest norm of a gradient, to which larger ones are scaled down; 0 for no limit."
  ) { $0.recipe == .scratch && $0.isNormalized ? 0 : 1 }
}
