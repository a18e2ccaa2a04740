public import VisionGraph
public import VisionSystem
import VisionTensor

/// Everything that training needs to go on as if it had never stopped, and its file, `checkpoint.safetensors`.
///
/// The file holds the tensors of the engine, `weights/NAME`, `slot0/NAME`, `average/NAME`, the best weights so far as
/// `best/NAME`, and JSON under `visionnet.checkpoint`. It is replaced as a whole.
public struct Checkpoint: Sendable {
  /// The name of the file in a run's folder.
  public static let fileName = "checkpoint.safetensors"

  /// Where training is.
  public struct Position: Sendable, Hashable {
    /// The steps that were done: what bias corrections and schedules count.
    public var step = 0
    /// The epochs that were done.
    public var epoch = 0
    /// The batches of the epoch that were done.
    public var batch = 0
    /// The sum of their losses.
    public var lossSum = 0.0
    /// The rate of the last step.
    public var rate = 0.0
    /// Seconds that the epoch took so far.
    public var seconds = 0.0
    /// Whether it ended before all epochs were done, for good.
    public var isStopped = false

    public init() {}
  }

  public var position = Position()
  /// The epochs that were asked for, on which the schedule depends.
  public var epochs = 0
  public var seed: UInt64 = 0
  /// What has to be the same to go on: words and numbers by name.
  public var conditions: [String: String] = [:]
  public var history: [EpochReport] = []
  /// What the stopping rule remembers.
  public var stopping: [String: Double] = [:]
  /// What the caller wanted to keep.
  public var stage: [String: String] = [:]
  /// Bytes of `events.jsonl` and `metrics.csv` at this moment.
  public var logs: RunLog.Position = .init()
  /// The tensors of the engine.
  public var state = Parameters()
  /// The weights of the best epoch so far.
  public var best: Parameters?

  public init() {}

  /// Reads a checkpoint.
  ///
  /// - Parameter path: the file, or the run's folder.
  /// - Throws: `TrainingError`: `missing`, or that the file is damaged.
  public init(contentsOf path: String) throws(TrainingError) { try self.init(reading: path) }
}
