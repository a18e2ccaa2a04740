/// What a network learns to say of an image.
public enum TaskChoice: String, Sendable, Hashable, CaseIterable {
  /// Its class.
  case classification
  /// Which objects are where.
  case detection
}

/// The optimizer.
public enum OptimizerChoice: String, Sendable, Hashable, CaseIterable {
  /// Stochastic gradient descent, with Nesterov momentum unless the momentum is 0.
  case sgd
  case adam
  /// Adam with decoupled weight decay.
  case adamw
  case rmsprop
  case lamb
  case lars
}

/// The learning-rate schedule.
public enum ScheduleChoice: String, Sendable, Hashable, CaseIterable {
  case constant
  /// Multiplied by 0.1 after a third and after two thirds of the steps that follow the warm-up.
  case step
  /// Down to 0 along half a cosine.
  case cosine
  /// Up to the rate along half a cosine in the warm-up, then down to nearly 0 along another. Smith 2018.
  case oneCycle = "one-cycle"
}

/// How images are weighted by class.
public enum ClassWeighting: String, Sendable, Hashable, CaseIterable {
  /// All images have the same weight.
  case none
  /// All classes have the same total weight: an image weighs N / (K · images of its class).
  case balanced
}

/// The loss function.
public enum LossChoice: String, Sendable, Hashable, CaseIterable {
  case crossEntropy = "cross-entropy"
  /// Cross-entropy that gives less weight to well-classified images. Lin et al. 2017, γ = 2.
  case focal
}
