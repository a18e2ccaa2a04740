/// The optimizer.
public enum OptimizerChoice: String, Sendable, Hashable, CaseIterable {
  /// Steps against the gradient, with Nesterov's momentum unless the momentum is 0.
  case sgd
  case adam
  /// Adam with decoupled weight decay.
  case adamw
  case rmsprop
  case lamb
  case lars
}

/// How the learning rate goes from the first step to the last.
public enum ScheduleChoice: String, Sendable, Hashable, CaseIterable {
  case constant
  /// A tenth after a third and after two thirds of the epochs.
  case step
  /// Down to nothing along half a cosine.
  case cosine
  /// Up to the rate along half a cosine, the warm-up, and down to nothing along another one. Smith 2018.
  case oneCycle = "one-cycle"
}

/// How much an image counts.
public enum ClassWeighting: String, Sendable, Hashable, CaseIterable {
  /// Each image the same.
  case none
  /// Each class the same: an image counts N / (K · images of its class).
  case balanced
}

/// The loss function.
public enum LossChoice: String, Sendable, Hashable, CaseIterable {
  case crossEntropy = "cross-entropy"
  /// Cross-entropy that plays down what is right already. Lin et al. 2017, γ = 2.
  case focal
}
