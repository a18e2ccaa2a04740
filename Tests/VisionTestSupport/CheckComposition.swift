public import Testing
import VisionCompute
public import VisionGraph
import VisionRuntime
public import VisionTensor

/// Checks what a node of a file becomes: its numbers by the references of its parts against those of another implementation, and plans
/// on every instruction set of this machine, with one thread and two, against the references.
///
/// - Parameters:
///   - inputs: the node's inputs; absent optional ones are nil.
///   - constants: the positions of inputs that are constants of the graph.
///   - expected: golden outputs; nil for outputs that are not looked at.
///   - tolerance: largest difference to the golden values, relative to the largest of them.
///   - kernelTolerance: largest difference of a plan to the references, relative to the largest magnitude.
public func checkComposition<Op: FileOperator>(
  _: Op.Type, opset: Int, _ inputs: [Tensor?], _ attributes: [String: AttributeValue] = [:],
  constants: Set<Int> = [], expected: [Tensor?], tolerance: Double = 1e-6, kernelTolerance: Double = 2e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let builder = GraphBuilder()
  var named: [String: Tensor] = [:]
  var values: [Value?] = []
  for (index, tensor) in inputs.enumerated() {
    guard let tensor else {
      values.append(nil)
      continue
    }
    if constants.contains(index) {
      values.append(builder.constant(tensor))
      continue
    }
    named["x\(index)"] = tensor
    values.append(
      try builder.input("x\(index)", type: tensor.elementType, dimensions: tensor.shape.map { .fixed($0) }))
  }
  let node = ImportedNode(
    name: "node", operatorName: Op.name, opset: opset, inputs: values, outputCount: expected.count,
    attributes: attributes)
  let outputs = try Op.build(node, in: builder)
  try #require(outputs.count >= expected.count, sourceLocation: sourceLocation)
  for (index, output) in outputs.prefix(expected.count).enumerated() {
    try builder.output("y\(index)", output)
  }
  let reference = try Interpreter(builder.graph, parameters: Parameters()).run(named)
  for (index, golden) in expected.enumerated() {
    guard let golden, let result = reference["y\(index)"] else { continue }
    expectClose(result, golden, tolerance: tolerance, "output \(index)", sourceLocation: sourceLocation)
  }
  for set in InstructionSet.supported {
    let plan = try Plan(builder.graph, parameters: Parameters(), instructionSet: set)
    for threads in [1, 2] {
      var workspace = plan.makeWorkspace(for: Executor(threads: threads))
      let results = try plan.run(named, in: &workspace)
      for (name, tensor) in reference {
        let what = "\(set.rawValue), \(threads) threads, \(name)"
        let result = try #require(results[name], "\(what): no output", sourceLocation: sourceLocation)
        expectClose(result, tensor, tolerance: kernelTolerance, what, sourceLocation: sourceLocation)
      }
    }
  }
}
