import VisionGraph
package import VisionCompute
package import VisionImage
package import VisionModel
package import VisionRuntime
import VisionSystem
import VisionTensor

/// A plan with memory to run in; used by one call at a time.
///
/// Crosses threads only through `RunnerPool`, which hands it to one call at a time.
// Checked by hand: a runner belongs to the call that has made it or taken it out of the pool, and to nobody in the pool.
package final class Runner: @unchecked Sendable {
  private let plan: Plan
  private var workspace: Workspace
  private let executor: Executor
  private let input: ImageInput
  private let preprocessing: Preprocessing
  /// One a thread.
  private let scratches: [PreprocessingScratch]
  /// Numbers of one image in each output.
  private let counts: [Int]

  /// - Parameters:
  ///   - plan: its first output are the numbers that are asked for, its second, if any, those of the network behind them.
  ///   - preprocessing: as the input needs it.
  package init(_ plan: Plan, _ executor: Executor, _ input: ImageInput, _ preprocessing: Preprocessing) {
    self.plan = plan
    self.executor = executor
    self.input = input
    self.preprocessing = preprocessing
    workspace = plan.makeWorkspace(for: executor)
    let shape = plan.inputs[0].fact.shape
    let batch = shape.rank == 4 ? shape[0] : 1
    scratches = (0..<executor.threads).map { _ in PreprocessingScratch() }
    counts = plan.outputs.map { $0.fact.shape.elementCount / batch }
  }

  /// The bytes that it keeps.
  var byteCount: Int { scratches.reduce(workspace.byteCount) { $0 + $1.byteCount } }

  /// Preprocesses the images, at most as many as the batch, and runs the plan.
  package func run(_ images: [Image]) throws(ClassifierError) {
    let size = input.imageByteCount
    let failure = Locked<ImageError?>(nil)
    workspace.withInput(0) { bytes in
      // Each call writes the numbers of its own image.
      nonisolated(unsafe) let bytes = bytes
      executor.forEach(count: images.count) { index, worker in
        do throws(ImageError) {
          try input.write(
            images[index], preprocessing,
            into: UnsafeMutableRawBufferPointer(rebasing: bytes[(index * size)..<((index + 1) * size)]),
            scratch: scratches[worker])
        } catch { failure.withLock { $0 = $0 ?? error } }
      }
    }
    if let error = failure.withLock({ $0 }) { throw ClassifierError(error) }
    do {
      try plan.run(in: &workspace)
    } catch { throw ClassifierError(error) }
  }

  /// Calls `body` with the numbers of image `index` of the last run, and those of the network behind them, which are none
  /// unless the plan gives them.
  package func withNumbers<Result>(
    of index: Int, _ body: (UnsafeBufferPointer<Float>, _ scores: UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    withOutput(0, of: index) { numbers in
      guard counts.count > 1 else { return body(numbers, UnsafeBufferPointer(start: nil, count: 0)) }
      return withOutput(1, of: index) { body(numbers, $0) }
    }
  }

  private func withOutput<Result>(
    _ output: Int, of index: Int, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) -> Result {
    workspace.withOutput(output) { bytes in
      let floats = bytes.bindMemory(to: Float.self)
      let count = counts[output]
      return body(UnsafeBufferPointer(rebasing: floats[(index * count)..<((index + 1) * count)]))
    }
  }
}
