import VisionImage

/// What happens while a network is trained.
public enum TrainingEvent: Sendable {
  /// Before the first step: everything is there and fits.
  case started(Start)
  case step(StepReport)
  /// An epoch is over, and the network has been judged.
  case epoch(EpochReport)
  /// The state was written to the file at `path`.
  case checkpoint(path: String, step: Int)
  /// Something that is good to know.
  case note(String)
  case finished(TrainingResult)

  /// What is about to be trained.
  public struct Start: Sendable {
    /// Bytes that training takes.
    public let memory: TrainingEngine.Memory
    /// The numbers that are learned.
    public let parameters: Int
    /// The samples to train on, and those to judge by.
    public let samples: Int
    public let validationSamples: Int
    public let batchSize: Int
    public let epochs: Int
    /// The steps of all epochs.
    public let steps: Int
    /// The steps that were done before, by a run that is resumed.
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
    /// That of the batch, before the update.
    public let loss: Double
    public let rate: Double
    public let samplesPerSecond: Double
  }
}
