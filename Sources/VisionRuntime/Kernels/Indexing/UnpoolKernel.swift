import CVisionKernels
import VisionGraph
import VisionTensor

/// Zeros with elements at places that a pooling gave.
struct UnpoolKernel: Kernel {
  private let count: Int
  private let target: Int
  private let type: ElementType

  static func choose(_ context: NodeContext) -> KernelChoice? {
    guard let x = context.inputs[0] else { return nil }
    let kernel = UnpoolKernel(
      count: x.shape.elementCount, target: context.outputs[0].shape.elementCount, type: x.type)
    return KernelChoice(
      kernel: kernel, operands: [(0, .rowMajor), (1, .rowMajor)], outputLayout: .rowMajor, name: "unpool")
  }

  func run(_ context: borrowing KernelContext) throws(EvaluationError) {
    let places = context.pointers[1].assumingMemoryBound(to: Int64.self)
    for index in 0..<count where places[index] < 0 || places[index] >= target {
      throw EvaluationError("index \(places[index]) is outside an output of \(target) elements")
    }
    let y = context.pointers[2]
    y.initializeMemory(as: UInt8.self, repeating: 0, count: target * type.byteCount)
    var slices = vn_slices(
      axes: 1, extents: Eight.numbers([target]), strides: Eight.numbers([1]), count: count,
      rows: max(count, 1), shares: false, batch: 0, elements: 1, bytes: type.byteCount)
    let indices = vn_indices(data: context.pointers[1], bytes: 8)
    vn_scatter_slices(&slices, VN_SCATTER_NONE, VN_FLOAT32, indices, context.pointers[0], y)
  }
}

extension MaxUnpool: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { UnpoolKernel.choose(context) }
}
