import VisionCompute
import VisionGraph
import VisionImage
import VisionRuntime
import VisionTensor

/// A plan with memory to run in; used by one call at a time.
///
/// Crosses threads only through `RunnerPool`, which hands it to one call at a time.
final class Runner: @unchecked Sendable {
  private let plan: Plan
  private let workspace: Workspace
  private let executor: Executor
  private let preprocessing: Preprocessing
  private let scratches: [PreprocessingScratch]
  private let count: Int

  init(_ plan: Plan, _ executor: Executor, _ preprocessing: Preprocessing) {
    self.plan = plan
    self.executor = executor
    self.preprocessing = preprocessing
    workspace = plan.makeWorkspace(for: executor)
    let batch = plan.inputs[0].fact.shape[0]
    scratches = (0..<batch).map { _ in PreprocessingScratch() }
    count = plan.outputs[0].fact.shape.elementCount / batch
  }

  /// Preprocesses the pictures, at most as many as the batch, and runs the plan.
  func run(_ images: [Image]) throws(ClassifierError) {
    let size = preprocessing.elementCount
    let failure = Locked<ImageError?>(nil)
    workspace.withInput(0) { bytes in
      nonisolated(unsafe) let input = bytes.bindMemory(to: Float.self)
      executor.forEach(count: images.count) { index, _ in
        do throws(ImageError) {
          try preprocessing.write(
            images[index],
            into: UnsafeMutableBufferPointer(rebasing: input[(index * size)..<((index + 1) * size)]),
            layout: .nchw, scratch: scratches[index])
        } catch { failure.withLock { $0 = $0 ?? error } }
      }
    }
    if let error = failure.withLock({ $0 }) { throw ClassifierError(error) }
    do {
      try plan.run(in: workspace)
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
