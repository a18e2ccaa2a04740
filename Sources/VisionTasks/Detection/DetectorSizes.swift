import VisionCompute
import VisionInference
import VisionModel
import VisionSystem

/// The pipelines of a detector for the sizes of its input that were used last.
final class DetectorSizes: Sendable {
  typealias Pipeline = InferencePipeline<ObjectDetection>

  private struct Entry {
    let width: Int
    let height: Int
    let pipeline: Pipeline
  }

  /// Limit for the pixels of all kept sizes but the last one.
  private static let pixelLimit = 1 << 20
  private let executor: Executor
  /// In the order of use; the last one is at the end.
  private let entries = Locked<[Entry]>([])

  init(_ executor: Executor) { self.executor = executor }

  /// The pipeline for a size; `make` gives the task and its model where there is none yet.
  func pipeline(width: Int, height: Int, _ make: () throws -> (ObjectDetection, Model)) throws -> Pipeline {
    if let known = entries.withLock({ Self.known(width, height, &$0) }) { return known }
    let (task, model) = try make()
    // Each has its own store of weights: the constants of heads have the same names and differ by size.
    let pipeline = try Pipeline(task, model, batch: .one, on: executor)
    return entries.withLock { entries in
      // Another thread may have made one in the meantime.
      if let known = Self.known(width, height, &entries) { return known }
      entries.append(Entry(width: width, height: height, pipeline: pipeline))
      while entries.count > 1, entries.dropLast().reduce(0, { $0 + $1.width * $1.height }) > Self.pixelLimit {
        entries.removeFirst()
      }
      return pipeline
    }
  }

  /// The pipeline for a size, which becomes the one that was used last.
  private static func known(_ width: Int, _ height: Int, _ entries: inout [Entry]) -> Pipeline? {
    guard let index = entries.firstIndex(where: { ($0.width, $0.height) == (width, height) }) else {
      return nil
    }
    entries.append(entries.remove(at: index))
    return entries.last?.pipeline
  }

  func removeAll() { entries.withLock { $0 = [] } }
}
