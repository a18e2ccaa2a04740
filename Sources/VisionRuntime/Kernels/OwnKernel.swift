import CVisionKernels
import VisionGraph
import VisionTensor

/// The kernel that an operator brings, as a step of a plan.
struct OwnKernel: Kernel {
  let operation: any ComputedOperator
  private let parts: Int
  /// Where each input and output is among the pointers, and its elements.
  let inputs: [(position: Int, count: Int)]
  let outputs: [(position: Int, count: Int)]

  /// Nil where the operator of the node brings none, or none for these inputs.
  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let operation = context.node.operation as? any ComputedOperator,
      context.outputs.allSatisfy({ $0.type == .float32 && $0.shape.elementCount > 0 }),
      context.inputs.allSatisfy({ $0?.type ?? .float32 == .float32 }),
      let parts = operation.kernelParts(context.inputs, context.outputs), parts > 0
    else { return nil }
    var position = 0
    func place(_ fact: Fact?) -> (position: Int, count: Int) {
      defer { position += fact == nil ? 0 : 1 }
      return (position, fact?.shape.elementCount ?? 0)
    }
    let inputs = context.inputs.map { place($0) }
    let outputs = context.outputs.map { place($0) }
    return KernelChoice(
      kernel: OwnKernel(operation: operation, parts: parts, inputs: inputs, outputs: outputs),
      operands: context.allRowMajor(), outputLayout: .rowMajor, name: "own")
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(algorithm: "own", reason: "the operator brings this kernel")
  }

  /// What a part of the work needs.
  private struct Call {
    let kernel: OwnKernel
    let pointers: UnsafePointer<UnsafeMutableRawPointer>
  }

  func run(_ context: borrowing KernelContext) {
    // A closure of Swift would be allocated.
    var call = Call(kernel: self, pointers: context.pointers)
    let (pool, parts) = (context.pool, parts)
    withUnsafeMutablePointer(to: &call) { call in
      vn_pool_run(
        pool, parts,
        { raw, part, _ in
          guard let call = raw?.assumingMemoryBound(to: Call.self) else { return }
          let kernel = call.pointee.kernel
          kernel.operation.compute(
            part: part, of: kernel.parts, in: KernelMemory(pointers: call.pointee.pointers, kernel: kernel))
        }, call)
    }
  }
}
