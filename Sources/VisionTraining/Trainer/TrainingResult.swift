public import VisionGraph

/// The result of training.
public struct TrainingResult: Sendable {
  /// How it ended.
  public enum Ending: String, Sendable, Hashable {
    /// All epochs were done.
    case completed
    /// A stopping rule or a callback ended it.
    case stopped
    /// It was cancelled; if there is a folder, its checkpoint can be resumed.
    case interrupted
  }

  public let ending: Ending
  /// The completed epochs.
  public let epochs: Int
  /// The completed steps.
  public let steps: Int
  /// The reports of all epochs, including those before the run was resumed.
  public let history: [EpochReport]
  /// The best epoch on the validation samples; nil without validation samples.
  public let best: EpochReport?
  /// The weights to use: those of the best epoch, or else the averaged or the last ones.
  public let parameters: Parameters
  /// The weights after the last step.
  public let lastParameters: Parameters
}
