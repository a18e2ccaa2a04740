public import VisionGraph
public import VisionSystem
import VisionTensor

/// Everything that training needs to resume as if it had never stopped, and its file,
/// `checkpoint.safetensors`.
///
/// The file holds the tensors of the engine, `weights/NAME`, `slot0/NAME`, `average/NAME`, the best weights
/// so far as `best/NAME`, and JSON under `visionnet.checkpoint`. It is replaced atomically.
public struct Checkpoint: Sendable {
  /// The name of the file in a run's folder.
  public static let fileName = "checkpoint.safetensors"

  /// How far training is.
  public struct Position: Sendable, Hashable {
    /// The completed steps, as counted by bias corrections and schedules.
    public var step = 0
    /// The completed epochs.
    public var epoch = 0
    /// The completed batches of the current epoch.
    public var batch = 0
    /// The sum of the losses of these batches.
    public var lossSum = 0.0
    /// The rate of the last step.
    public var rate = 0.0
    /// The seconds spent on the current epoch so far.
    public var seconds = 0.0
    /// Whether a stopping rule or a callback ended training; a resumed run then does no more steps.
    public var isStopped = false

    public init() {}
  }

  public var position = Position()
  /// The requested epochs, on which the schedule depends.
  public var epochs = 0
  public var seed: UInt64 = 0
  /// The settings and counts that must be the same to resume, by name.
  public var conditions: [String: String] = [:]
  public var history: [EpochReport] = []
  /// The state of the stopping rule.
  public var stopping: [String: Double] = [:]
  /// Entries of the caller, from `TrainerSettings.stage`.
  public var stage: [String: String] = [:]
  /// The lengths of `events.jsonl` and `metrics.csv` at the checkpoint, in bytes.
  public var logs: RunLog.Position = .init()
  /// The tensors of the engine.
  public var state = Parameters()
  /// The weights of the best epoch so far.
  public var best: Parameters?

  public init() {}

  /// Reads a checkpoint.
  ///
  /// - Parameter path: the file, or the run's folder.
  /// - Throws: `TrainingError`: `missing` without such a file, `checkpoint` for another version, `corrupt` or
  ///   another error of reading for a damaged file.
  public init(contentsOf path: String) throws(TrainingError) { try self.init(reading: path) }
}
