import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor

/// Checks a case with an axis of no elements, for every axis of the first input with which the shape rule accepts that:
/// the reference gives what the rule says or refuses, and a plan gives the same.
func checkEmpty<Op: Operator>(
  _ op: Op, _ inputs: [Tensor?], constants: Set<Int>, sourceLocation: SourceLocation
) throws {
  guard let x = inputs.first ?? nil, !constants.contains(0), x.elementCount > 0 else { return }
  for axis in 0..<x.shape.rank {
    for together in [true, false] {
      let empty = emptied(inputs, axis, together: together, constants: constants)
      let what = "axis \(axis) without elements, \(empty.map { $0.map { "\($0)" } ?? "nil" })"
      guard (try? op.outputs(facts(empty, constants: constants))) != nil else { continue }
      try check(op, empty, constants: constants, what, sourceLocation)
      break
    }
  }
}

/// The inputs with an axis of the first emptied, and, when `together`, those of others that lie under it.
private func emptied(_ inputs: [Tensor?], _ axis: Int, together: Bool, constants: Set<Int>) -> [Tensor?] {
  guard let x = inputs.first ?? nil else { return inputs }
  return inputs.enumerated().map { index, tensor in
    guard let tensor, index == 0 || together, !constants.contains(index) else { return tensor }
    let at = axis - (x.shape.rank - tensor.shape.rank)
    guard at >= 0, tensor.shape[at] == x.shape[axis] else { return tensor }
    var shape = tensor.shape
    shape[at] = 0
    return Tensor(elementType: tensor.elementType, shape: shape) { _ in }
  }
}

private func check<Op: Operator>(
  _ op: Op, _ inputs: [Tensor?], constants: Set<Int>, _ what: String, _ sourceLocation: SourceLocation
) throws {
  let (graph, named) = try graph(of: op, inputs, constants: constants)
  let plan = try Plan(graph, parameters: Parameters())
  let reference: [String: Tensor]
  do {
    reference = try Interpreter(graph, parameters: Parameters()).run(named)
  } catch {
    // No result is one, too; a plan may refuse later than the reference, but not end the process.
    _ = try? plan.run(named, on: Executor(threads: 1))
    return
  }
  for (name, value) in graph.outputs {
    let result = reference[name]
    #expect(result?.shape == graph.fact(value).shape, "\(what): shape rule", sourceLocation: sourceLocation)
  }
  let results = try plan.run(named, on: Executor(threads: 1))
  for (name, expected) in reference {
    guard let result = results[name] else { continue }
    expectClose(result, expected, tolerance: 1e-6, "\(what), \(name)", sourceLocation: sourceLocation)
  }
}
