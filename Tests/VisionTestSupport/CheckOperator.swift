public import Testing
public import VisionGraph
public import VisionTensor

/// Checks that hold for every operator alike. Test files of operators hold cases only.
///
/// - The shape rule says what the reference gives.
/// - Golden values, where the case has them.
/// - Every element type is either refused with `ShapeError` or computed.
/// - What `attributes` writes, `build` reads back as the same operator.
/// - Every kernel agrees with the reference, see `checkKernels`.
/// - So it is with an axis of no elements, wherever the shape rule accepts one, see `checkEmpty`.
///
/// - Parameters:
///   - inputs: the inputs; absent optional ones are nil.
///   - constants: the positions of inputs that are constants of the graph, such as target shapes.
///   - expected: golden outputs from another implementation.
///   - tolerance: largest difference to the golden values, relative to the largest of them.
///   - kernelTolerance: largest difference of a kernel to the reference, relative to the largest magnitude.
///   - roundTrips: false for operators that only passes produce.
public func checkOperator<Op: Operator>(
  _ op: Op, _ inputs: [Tensor?], constants: Set<Int> = [], expected: [Tensor]? = nil,
  tolerance: Double = 1e-6, kernelTolerance: Double = 1e-6, roundTrips: Bool = true,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let results = try evaluate(op, inputs, constants: constants)
  let facts = facts(inputs, constants: constants)
  for (fact, result) in zip(try op.outputs(facts), results) {
    #expect(fact.type == result.elementType, "shape rule", sourceLocation: sourceLocation)
    #expect(fact.shape == result.shape, "shape rule", sourceLocation: sourceLocation)
  }
  if let expected {
    #expect(expected.count <= results.count, sourceLocation: sourceLocation)
    for (result, golden) in zip(results, expected) {
      expectClose(result, golden, tolerance: tolerance, "golden", sourceLocation: sourceLocation)
    }
  }
  checkTypes(op, inputs, constants: constants, sourceLocation: sourceLocation)
  if roundTrips { try checkRoundTrip(op, inputs, constants: constants, sourceLocation: sourceLocation) }
  try checkKernels(
    op, inputs, constants: constants, tolerance: kernelTolerance, sourceLocation: sourceLocation)
  try checkEmpty(op, inputs, constants: constants, sourceLocation: sourceLocation)
}

/// Checks that both tensors have one type and shape and differ by at most `tolerance` × the largest magnitude.
///
/// Infinities and NaN must stand in the same places; integers must be equal.
public func expectClose(
  _ a: Tensor, _ b: Tensor, tolerance: Double, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(a.elementType == b.elementType, "\(what) type", sourceLocation: sourceLocation)
  #expect(a.shape == b.shape, "\(what) shape", sourceLocation: sourceLocation)
  guard a.shape == b.shape else { return }
  let difference = relativeDifference(a, b)
  let bound = a.elementType.isFloatingPoint ? tolerance : 0
  #expect(
    difference <= bound, "\(what): differs by \(difference) of the range", sourceLocation: sourceLocation)
}

/// The largest difference of two tensors, relative to the largest finite magnitude; infinite where one is not finite.
public func relativeDifference(_ a: Tensor, _ b: Tensor) -> Double {
  var largest = 0.0
  var difference = 0.0
  for (x, y) in zip(a.doubles, b.doubles) {
    if x.isNaN && y.isNaN || x == y {
      if x.isFinite { largest = max(largest, abs(x)) }
      continue
    }
    guard x.isFinite, y.isFinite else { return .infinity }
    difference = max(difference, abs(x - y))
    largest = max(largest, abs(x), abs(y))
  }
  return difference == 0 ? 0 : difference / max(largest, 1e-30)
}

/// A graph of one node with the given inputs, and the names of the inputs that are not constants.
package func graph<Op: Operator>(of op: Op, _ inputs: [Tensor?], constants: Set<Int>) throws -> (
  graph: Graph, inputs: [String: Tensor]
) {
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
    } else {
      values.append(
        try builder.input(
          "x\(index)", type: tensor.elementType, dimensions: tensor.shape.map { .fixed($0) }))
      named["x\(index)"] = tensor
    }
  }
  for (index, output) in try builder.add(op, values).enumerated() {
    try builder.output("y\(index)", output)
  }
  return (builder.graph, named)
}

private func evaluate<Op: Operator>(_ op: Op, _ inputs: [Tensor?], constants: Set<Int>) throws -> [Tensor] {
  let (graph, named) = try graph(of: op, inputs, constants: constants)
  let results = try Interpreter(graph, parameters: Parameters()).run(named)
  return graph.outputs.compactMap { results[$0.name] }
}

func facts(_ inputs: [Tensor?], constants: Set<Int>) -> [Fact?] {
  inputs.enumerated().map { index, tensor in
    tensor.map { constants.contains(index) ? Fact(constant: $0) : Fact($0.elementType, $0.shape) }
  }
}

private func checkTypes<Op: Operator>(
  _ op: Op, _ inputs: [Tensor?], constants: Set<Int>, sourceLocation: SourceLocation
) {
  for index in inputs.indices {
    for type in ElementType.allCases {
      var changed = inputs
      changed[index] = inputs[index]?.converted(to: type)
      let accepted: [Fact]
      do {
        accepted = try op.outputs(facts(changed, constants: constants))
      } catch { continue }
      do {
        let results = try op.evaluate(changed)
        #expect(
          accepted.map(\.type) == results.map(\.elementType), "input \(index) as \(type.rawValue)",
          sourceLocation: sourceLocation)
      } catch {
        // Data of another type may be out of range, such as an index; that has its own tests.
      }
    }
  }
}

private func checkRoundTrip<Op: Operator>(
  _ op: Op, _ inputs: [Tensor?], constants: Set<Int>, sourceLocation: SourceLocation
) throws {
  let builder = GraphBuilder()
  var values: [Value?] = []
  for (index, tensor) in inputs.enumerated() {
    guard let tensor else {
      values.append(nil)
      continue
    }
    if constants.contains(index) {
      values.append(builder.constant(tensor))
    } else {
      values.append(
        try builder.input(
          "x\(index)", type: tensor.elementType, dimensions: tensor.shape.map { .fixed($0) }))
    }
  }
  let outputs = try op.outputs(facts(inputs, constants: constants)).count
  let attributes = Dictionary(uniqueKeysWithValues: op.attributes.entries.map { ($0.name, $0.value) })
  let node = ImportedNode(
    name: "node", operatorName: Op.name,
    opset: max(17, op.minimumOpset(facts(inputs, constants: constants))), inputs: values,
    outputCount: outputs, attributes: attributes)
  _ = try Op.build(node, in: builder)
  let last = builder.graph.nodes.last
  #expect(
    last.map { op.isEqual(to: $0.operation) } == true,
    "read back as \(String(describing: last?.operation)), not \(op)", sourceLocation: sourceLocation)
}
