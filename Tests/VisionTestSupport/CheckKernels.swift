import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor

/// How the inputs of the node under test reach it in a plan.
private enum Arrangement: CaseIterable {
  /// Everything changes from run to run.
  case allInputs
  /// Inputs from the second on are weights: packed kernels.
  case frozenWeights
  /// As before, and image-like inputs arrive channels last.
  case channelsLast
}

/// Checks every kernel that a plan may choose for the operator against its reference: on every instruction set of this
/// machine, on one thread and on two with equal bits, with and without frozen weights, in both layouts.
func checkKernels<Op: Operator>(
  _ op: Op, _ inputs: [Tensor?], constants: Set<Int>, tolerance: Double, sourceLocation: SourceLocation
) throws {
  for arrangement in Arrangement.allCases {
    let subject = try graph(op, inputs, constants: constants, arrangement)
    let reference = try Interpreter(subject.graph, parameters: subject.parameters).run(subject.inputs)
    for set in InstructionSet.supported {
      let plan = try Plan(subject.graph, parameters: subject.parameters, instructionSet: set)
      var bits: [String: Tensor] = [:]
      for threads in [1, 2] {
        var workspace = plan.makeWorkspace(for: Executor(threads: threads))
        let what = "\(set.rawValue), \(threads) threads, \(arrangement)"
        // Twice: a second run must not see what the first left behind.
        _ = try plan.run(subject.inputs, in: &workspace)
        let results = try plan.run(subject.inputs, in: &workspace)
        for (name, expected) in reference.sorted(by: { $0.key < $1.key }) {
          guard let result = results[name] else {
            Issue.record("\(what): no output \(name)", sourceLocation: sourceLocation)
            continue
          }
          expectClose(
            result, expected, tolerance: tolerance, "\(what), \(name)", sourceLocation: sourceLocation)
          if let first = bits[name] {
            #expect(first == result, "\(what): bits depend on threads", sourceLocation: sourceLocation)
          }
        }
        bits = results
      }
    }
  }
}

private func graph<Op: Operator>(
  _ op: Op, _ inputs: [Tensor?], constants: Set<Int>, _ arrangement: Arrangement
) throws -> (graph: Graph, inputs: [String: Tensor], parameters: Parameters) {
  let builder = GraphBuilder()
  var named: [String: Tensor] = [:]
  var parameters = Parameters()
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
    let name = "x\(index)"
    if index > 0, arrangement != .allInputs, tensor.elementType == .float32 {
      parameters[name] = tensor
      values.append(try builder.parameter(name, shape: tensor.shape, initializer: .zeros))
      continue
    }
    named[name] = tensor
    var value = try builder.input(
      name, type: tensor.elementType, dimensions: tensor.shape.map { .fixed($0) })
    if arrangement == .channelsLast, tensor.shape.rank == 4, tensor.elementType == .float32,
      tensor.elementCount > 0
    {
      // A window of one element changes nothing, but its kernel writes channels last.
      value = try builder.add(MaxPool(window: Window(kernel: [1, 1])), value)
    }
    values.append(value)
  }
  for (index, output) in try builder.add(op, values).enumerated() {
    try builder.output("y\(index)", output)
  }
  return (builder.graph, named, parameters)
}
