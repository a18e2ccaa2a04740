import VisionCompute
import VisionGraph
import VisionImage
import VisionRuntime
import VisionTensor

/// A plan with memory to run in; used by one call at a time.
///
/// Crosses threads only through `RunnerPool`, which hands it to one call at a time.
// Checked by hand: a runner belongs to the call that has made it or taken it out of the pool, and to nobody in the pool.
final class Runner: @unchecked Sendable {
  private let plan: Plan
  private var workspace: Workspace
  private let executor: Executor
  private let preprocessing: Preprocessing
  /// One a thread.
  private let scratches: [PreprocessingScratch]
  private let count: Int

  init(_ plan: Plan, _ executor: Executor, _ preprocessing: Preprocessing) {
    self.plan = plan
    self.executor = executor
    self.preprocessing = preprocessing
    workspace = plan.makeWorkspace(for: executor)
    let batch = plan.inputs[0].fact.shape[0]
    scratches = (0..<executor.threads).map { _ in PreprocessingScratch() }
    count = plan.outputs[0].fact.shape.elementCount / batch
  }

  /// The bytes that it keeps.
  var byteCount: Int { scratches.reduce(workspace.byteCount) { $0 + $1.byteCount } }

  /// Preprocesses the pictures, at most as many as the batch, and runs the plan.
  func run(_ images: [Image]) throws(ClassifierError) {
    let size = preprocessing.elementCount
    let failure = Locked<ImageError?>(nil)
    workspace.withInput(0) { bytes in
      // Each call writes the numbers of its own picture.
      nonisolated(unsafe) let input = bytes.bindMemory(to: Float.self)
      executor.forEach(count: images.count) { index, worker in
        do throws(ImageError) {
          try preprocessing.write(
            images[index],
            into: UnsafeMutableBufferPointer(rebasing: input[(index * size)..<((index + 1) * size)]),
            layout: .nchw, scratch: scratches[worker])
        } catch { failure.withLock { $0 = $0 ?? error } }
      }
    }
    if let error = failure.withLock({ $0 }) { throw ClassifierError(error) }
    do {
      try plan.run(in: &workspace)
    } catch { throw ClassifierError(error) }
  }

  /// Calls `body` with the numbers of picture `index` of the last run.
  func withNumbers<Result>(of index: Int, _ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
    workspace.withOutput(0) { bytes in
      let floats = bytes.bindMemory(to: Float.self)
      return body(UnsafeBufferPointer(rebasing: floats[(index * count)..<((index + 1) * count)]))
    }
  }
}
