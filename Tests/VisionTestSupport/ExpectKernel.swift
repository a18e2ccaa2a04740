public import Testing
public import VisionGraph
import VisionRuntime
public import VisionTensor

/// Expects that a plan of one node has a kernel for it, and does not run its reference.
public func expectKernel<Op: Operator>(
  _ op: Op, _ inputs: [Tensor?], constants: Set<Int> = [], sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let builder = GraphBuilder()
  var values: [Value?] = []
  for (index, tensor) in inputs.enumerated() {
    guard let tensor else {
      values.append(nil)
      continue
    }
    values.append(
      constants.contains(index)
        ? builder.constant(tensor)
        : try builder.input(
          "x\(index)", type: tensor.elementType, dimensions: tensor.shape.map { .fixed($0) }))
  }
  for (index, output) in try builder.add(op, values).enumerated() {
    try builder.output("y\(index)", output)
  }
  let plan = try Plan(builder.graph, parameters: Parameters())
  #expect(plan.referenceNodes.isEmpty, "\(Op.name) runs on its reference", sourceLocation: sourceLocation)
}
