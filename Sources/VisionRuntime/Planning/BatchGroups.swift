import VisionGraph
import VisionTensor

/// Preallocated memory for the samples of a batch, which a plan runs on one group after the other, and for
/// their predictions.
package final class BatchGroups {
  private let count: Int
  private let inputs: [UnsafeMutableRawBufferPointer]
  private let prediction: UnsafeMutableRawBufferPointer
  private let output: Int

  /// Zeros for `count` groups, each with the batch size of the plan; `output` is the index of the plan's
  /// prediction.
  package init(_ count: Int, of plan: Plan, output: Int) {
    func memory(_ port: Plan.Port) -> UnsafeMutableRawBufferPointer {
      let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: count * port.fact.shape.elementCount * port.fact.type.byteCount, alignment: 64)
      memory.initializeMemory(as: UInt8.self, repeating: 0)
      return memory
    }
    self.count = count
    self.output = output
    inputs = plan.inputs.map(memory)
    prediction = memory(plan.outputs[output])
  }

  deinit {
    for memory in inputs + [prediction] { memory.deallocate() }
  }

  /// Input `index` of all samples.
  package func input(_ index: Int) -> UnsafeMutableRawBufferPointer { inputs[index] }

  /// The predictions for all samples.
  package var predictions: UnsafeRawBufferPointer { UnsafeRawBufferPointer(prediction) }

  /// The size in bytes of this memory for `count` groups; 0 for a single group, which needs none.
  package static func byteCount(_ count: Int, of plan: Plan, output: String) -> Int {
    guard count > 1 else { return 0 }
    return (plan.inputs + plan.outputs.filter { $0.name == output }).reduce(0) {
      $0 + count * $1.fact.shape.elementCount * $1.fact.type.byteCount
    }
  }

  /// Copies the samples of a group into the plan's inputs.
  package func load(_ group: Int, into workspace: borrowing Workspace) {
    for (index, memory) in inputs.enumerated() {
      let size = memory.count / count
      workspace.inputBytes(index).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: memory[group * size..<(group + 1) * size]))
    }
  }

  /// Copies the prediction for a group from the plan's output.
  package func keepPrediction(_ group: Int, from workspace: borrowing Workspace) {
    let size = prediction.count / count
    workspace.withOutput(output) {
      UnsafeMutableRawBufferPointer(rebasing: prediction[group * size..<(group + 1) * size]).copyMemory(
        from: $0)
    }
  }
}
