import VisionGraph
import VisionTensor

/// The samples of a batch whose groups go through the plan of a step one after the other, and what is predicted of them, in memory
/// that is laid out beforehand.
package final class BatchGroups {
  private let count: Int
  private let inputs: [UnsafeMutableRawBufferPointer]
  private let prediction: UnsafeMutableRawBufferPointer
  private let output: Int

  /// Zeros for `count` groups, each of the extents of the plan; `output` is its prediction.
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

  /// What a plan for all of these samples takes as input `index`.
  package func input(_ index: Int) -> UnsafeMutableRawBufferPointer { inputs[index] }

  /// What was predicted of all samples.
  package var predictions: UnsafeRawBufferPointer { UnsafeRawBufferPointer(prediction) }

  /// Bytes of all of it.
  package static func byteCount(_ count: Int, of plan: Plan, output: String) -> Int {
    guard count > 1 else { return 0 }
    return (plan.inputs + plan.outputs.filter { $0.name == output }).reduce(0) {
      $0 + count * $1.fact.shape.elementCount * $1.fact.type.byteCount
    }
  }

  /// Puts the samples of a group into the plan's inputs.
  package func load(_ group: Int, into workspace: borrowing Workspace) {
    for (index, memory) in inputs.enumerated() {
      let size = memory.count / count
      workspace.inputBytes(index).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: memory[group * size..<(group + 1) * size]))
    }
  }

  /// Keeps what was predicted of a group.
  package func keepPrediction(_ group: Int, from workspace: borrowing Workspace) {
    let size = prediction.count / count
    workspace.withOutput(output) {
      UnsafeMutableRawBufferPointer(rebasing: prediction[group * size..<(group + 1) * size]).copyMemory(
        from: $0)
    }
  }
}
