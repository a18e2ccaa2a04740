import VisionCompute
import VisionInference
import VisionModel
import VisionSystem

/// The pipelines of a detector for the sizes of its input that were used last.
///
/// They share no packed weights: these are kept by name, and the constants of decoding, such as the places of cells, have the same
/// names at all sizes.
final class DetectorSizes: Sendable {
  typealias Pipeline = InferencePipeline<ObjectDetection>

  private struct Entry {
    let width: Int
    let height: Int
    let pipeline: Pipeline
  }

  /// Limit for the pixels of all kept sizes but the last one.
  private static let pixelLimit = 4 << 20
  private let executor: Executor
  /// In the order of use; the last one is at the end.
  private let entries = Locked<[Entry]>([])

  init(_ executor: Executor) { self.executor = executor }

  /// The pipeline for a size; `make` gives the task and its model where there is none yet.
  func pipeline(width: Int, height: Int, _ make: () throws -> (ObjectDetection, Model)) throws -> Pipeline {
    let known = entries.withLock { entries -> Pipeline? in
      guard let index = entries.firstIndex(where: { ($0.width, $0.height) == (width, height) }) else {
        return nil
      }
      entries.append(entries.remove(at: index))
      return entries.last?.pipeline
    }
    if let known { return known }
    let (task, model) = try make()
    let pipeline = try Pipeline(task, model, batch: .one, on: executor)
    entries.withLock { entries in
      entries.append(Entry(width: width, height: height, pipeline: pipeline))
      while entries.count > 1, entries.dropLast().reduce(0, { $0 + $1.width * $1.height }) > Self.pixelLimit {
        entries.removeFirst()
      }
    }
    return pipeline
  }

  func removeAll() { entries.withLock { $0 = [] } }
}
