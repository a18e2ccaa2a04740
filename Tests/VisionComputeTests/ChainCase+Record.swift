import CVisionKernels
import VisionCompute

extension ChainTests.Case {
  /// Writes the case for the kernels of other processors, where the bits must be those of one after the other too.
  func record(_ order: vn_chain_order, on set: InstructionSet) {
    guard KernelCases.isRecording, set.lanes <= InstructionSet.neon.lanes else { return }
    var exact: [Double] = []
    var operands: [KernelCases.Operand] = [.value(chain), .value(order), .array(convolutions[0].x)]
    for (index, item) in convolutions.enumerated() {
      var item = item
      if index > 0 { item.x = exact.map(Float.init) }
      exact = item.reference()
      operands += [.array(item.weights), .array(item.bias), .array(item.residual)]
    }
    KernelCases.record("chain", on: set, .distance(1e-4), operands, expected: .array(exact))
  }
}
