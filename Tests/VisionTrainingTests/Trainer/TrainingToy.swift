import VisionTestSupport
import VisionData
import VisionGraph
import VisionLayers
import VisionSystem
import VisionTensor

@testable import VisionTraining

/// Small networks on small images, 1×6×6, that can be told apart.
enum TrainingToy {
  /// With batch normalization and dropout, so that statistics and random numbers matter.
  struct Network: VisionLayers.Network {
    var classes = 2
    var drops: Float = 0.2
    var body: some Layer {
      Conv2D(4, kernel: 3, stride: 2, bias: false).named("conv")
      BatchNorm().named("norm")
      ReLU().named("relu")
      Flatten().named("flatten")
      Dropout(drops).named("dropout")
      Dense(classes).named("head")
    }
  }

  struct Table: VisionLayers.Network {
    var outputs = 1
    var body: some Layer {
      Dense(8).named("hidden")
      Tanh().named("tanh")
      Dense(outputs).named("head")
    }
  }

  /// N×1×6×6 of noise.
  static func images(_ count: Int, seed: UInt64 = 1) -> Tensor {
    Tensor(Philox(seed: seed).normal(count: count * 36), shape: [count, 1, 6, 6])
  }

  /// Classes that follow from the images: which quarter has the largest sum, or, of two, which half.
  static func classes(of images: Tensor, _ count: Int = 2) -> Tensor {
    let (pixels, samples) = (images.floats, images.shape[0])
    return Tensor(
      (0..<samples).map { sample -> Int64 in
        let sums = (0..<count).map { part in
          let length = 36 / count
          return (0..<length).reduce(Float(0)) { $0 + pixels[sample * 36 + part * length + $1] }
        }
        return Int64(sums.firstIndex(of: sums.max() ?? 0) ?? 0)
      })
  }

  static func samples(_ count: Int, seed: UInt64 = 1) throws -> TensorSamples {
    let x = images(count, seed: seed)
    return try TensorSamples(x, classes(of: x))
  }

  /// Other images, to judge by.
  static func held(_ count: Int) throws -> TensorSamples { try samples(count, seed: 2) }

  static func settings(threads: Int = 1) -> TrainerSettings {
    var settings = TrainerSettings()
    settings.seed = 5
    settings.threads = threads
    settings.batchSize = 4
    settings.optimizer = AdamW()
    settings.schedule = CosineSchedule(0.02, warmUp: .steps(2))
    return settings
  }
}

/// Keeps events, and may do something at one of them.
final class EventLog: Sendable {
  private let all = Locked<[TrainingEvent]>([])
  var events: [TrainingEvent] { all.withLock { $0 } }
  func add(_ event: TrainingEvent) { all.withLock { $0.append(event) } }

  var steps: [TrainingEvent.StepReport] {
    events.compactMap { if case .step(let report) = $0 { report } else { nil } }
  }
  var epochs: [EpochReport] {
    events.compactMap { if case .epoch(let report) = $0 { report } else { nil } }
  }
  var checkpoints: [Int] {
    events.compactMap { if case .checkpoint(_, let step) = $0 { step } else { nil } }
  }
}
