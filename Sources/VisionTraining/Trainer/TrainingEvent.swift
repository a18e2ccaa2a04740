import VisionImage

/// An event of training.
public enum TrainingEvent: Sendable {
  /// Sent before the first step, when everything is prepared.
  case started(Start)
  case step(StepReport)
  /// An epoch has ended, and the network has been evaluated.
  case epoch(EpochReport)
  /// The state was written to the file at `path`.
  case checkpoint(path: String, step: Int)
  /// Information for the user.
  case note(String)
  case finished(TrainingResult)

  /// What is about to be trained.
  public struct Start: Sendable {
    /// The memory that training takes, in bytes.
    public let memory: TrainingEngine.Memory
    /// The number of trained parameters.
    public let parameters: Int
    /// The numbers of training and validation samples.
    public let samples: Int
    public let validationSamples: Int
    public let batchSize: Int
    public let epochs: Int
    /// The steps of all epochs.
    public let steps: Int
    /// The steps done before this run was resumed; 0 for a new run.
    public let resumedAt: Int
  }

  /// One update of the weights.
  public struct StepReport: Sendable, Hashable {
    /// From 1 on, of `steps`.
    public let step: Int
    public let steps: Int
    /// From 1 on.
    public let epoch: Int
    /// From 1 on, of `batches`.
    public let batch: Int
    public let batches: Int
    /// The loss of the batch, before the update.
    public let loss: Double
    public let rate: Double
    public let samplesPerSecond: Double
  }
}
