import VisionGraph
import VisionTensor

/// Runs an operator's reference implementation inside a plan: correct, slow, and the only kernel that
/// allocates.
struct ReferenceKernel: Kernel {
  private let operation: any Operator
  /// For every node input: its fact, or nil when absent.
  private let inputs: [Fact?]
  private let outputs: [Fact]

  init(_ context: NodeContext) {
    operation = context.node.operation
    inputs = context.inputs
    outputs = context.outputs
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(
      algorithm: "reference", reason: "no kernel takes this operator with these types, shapes and attributes")
  }

  func run(_ context: borrowing KernelContext) throws(EvaluationError) {
    var position = 0
    var tensors: [Tensor?] = []
    for fact in inputs {
      guard let fact else {
        tensors.append(nil)
        continue
      }
      let source = context.pointers[position]
      position += 1
      tensors.append(
        Tensor(elementType: fact.type, shape: fact.shape) { target in
          target.copyMemory(from: UnsafeRawBufferPointer(start: source, count: target.count))
        })
    }
    let results = try operation.evaluate(tensors)
    for (fact, result) in zip(outputs, results) {
      guard result.shape == fact.shape, result.elementType == fact.type else {
        throw EvaluationError("gave \(result) where \(fact) was planned")
      }
      let target = context.pointers[position]
      position += 1
      result.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { target.copyMemory(from: base, byteCount: bytes.count) }
      }
    }
  }
}
