public import VisionGraph

/// What came of training.
public struct TrainingResult: Sendable {
  /// How it ended.
  public enum Ending: String, Sendable, Hashable {
    /// All epochs were done.
    case completed
    /// A stopping rule or a callback ended it.
    case stopped
    /// It was cancelled; the checkpoint, if there is a folder, goes on from there.
    case interrupted
  }

  public let ending: Ending
  /// The epochs that were done.
  public let epochs: Int
  /// The steps that were done.
  public let steps: Int
  /// Every epoch, those of a resumed run included.
  public let history: [EpochReport]
  /// The epoch that was best on the validation samples; nil without any.
  public let best: EpochReport?
  /// The weights to use: those of the best epoch, or else the averaged or the last ones.
  public let parameters: Parameters
  /// The weights after the last step.
  public let lastParameters: Parameters
}
