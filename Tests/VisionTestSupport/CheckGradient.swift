public import Testing
public import VisionGraph
public import VisionTensor

/// Checks the gradient that an operator emits against central differences, both in float64, for every element of every
/// floating-point input and a random combination of the outputs.
///
/// - Parameters:
///   - inputs: the inputs; absent optional ones are nil, floating-point ones are computed in float64.
///   - constants: the positions of inputs that are constants of the graph, such as target shapes.
///   - fixed: the positions of floating-point inputs without a gradient.
///   - outputs: the positions of the outputs that count; nil for all floating-point ones.
///   - step: half the distance of the two points; a power of two, so that simple numbers stay exact.
///   - tolerance: largest difference, relative to the largest derivative or 1.
public func checkGradient<Op: Operator>(
  _ op: Op, _ inputs: [Tensor?], constants: Set<Int> = [], fixed: Set<Int> = [], outputs: Set<Int>? = nil,
  step: Double = 0x1p-16, tolerance: Double = 1e-6, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let inputs = inputs.map { tensor in
    tensor.map { $0.elementType.isFloatingPoint ? $0.converted(to: .float64) : $0 }
  }
  var (graph, named) = try graph(of: op, inputs, constants: constants)
  try addLoss(&graph, outputs)
  let names = inputs.indices.filter {
    inputs[$0]?.elementType.isFloatingPoint == true && !constants.contains($0) && !fixed.contains($0)
  }.map { "x\($0)" }
  #expect(!names.isEmpty, "nothing to differentiate by", sourceLocation: sourceLocation)
  try checkDerivatives(
    of: graph, loss: "loss", withRespectTo: names, inputs: named, step: step, tolerance: tolerance,
    sourceLocation: sourceLocation)
  // As a plan would have it: nothing may change when identities are removed.
  let derived = try graph.differentiated(loss: "loss", withRespectTo: names)
  let before = try Interpreter(derived, parameters: Parameters()).run(named)
  let after = try Interpreter(derived.applying(Graph.trainingPasses()), parameters: Parameters()).run(named)
  for (name, tensor) in before.sorted(by: { $0.key < $1.key }) {
    guard let other = after[name] else {
      Issue.record("passes lose the output \(name)", sourceLocation: sourceLocation)
      continue
    }
    expectClose(other, tensor, tolerance: 0, "after passes, \(name)", sourceLocation: sourceLocation)
  }
}

/// Checks the derivatives of a graph's loss against central differences, for every element of the named parameters and
/// inputs, all of which must be float64.
public func checkDerivatives(
  of graph: Graph, loss: String, withRespectTo names: [String], inputs: [String: Tensor],
  parameters: Parameters = Parameters(), step: Double = 0x1p-16, tolerance: Double = 1e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let derived = try graph.differentiated(loss: loss, withRespectTo: names)
  let results = try Interpreter(derived, parameters: parameters).run(inputs) { node, tensors in
    let facts = node.outputs.map { derived.fact($0) }
    #expect(
      zip(facts, tensors).allSatisfy { $0.shape == $1.shape && $0.type == $1.elementType }
        && facts.count == tensors.count,
      "the shape rule of \(type(of: node.operation).name)", sourceLocation: sourceLocation)
  }
  for name in names {
    guard let gradient = results[Graph.gradientName(of: name)], let x = inputs[name] ?? parameters[name]
    else {
      Issue.record("no gradient of \(name)", sourceLocation: sourceLocation)
      continue
    }
    #expect(
      gradient.shape == x.shape && gradient.elementType == x.elementType, sourceLocation: sourceLocation)
    let values = x.doubles
    let differences = try values.indices.map { index in
      let ends = try [1.0, -1.0].map { sign in
        var moved = values
        moved[index] += sign * step
        let tensor = Tensor(doubles: moved, shape: x.shape, elementType: .float64)
        var (inputs, parameters) = (inputs, parameters)
        if inputs[name] != nil { inputs[name] = tensor } else { parameters[name] = tensor }
        return try Interpreter(graph, parameters: parameters).run(inputs)[loss]?.doubles[0] ?? .nan
      }
      return (ends[0] - ends[1]) / (2 * step)
    }
    let scale = max(differences.map(\.magnitude).max() ?? 0, 1)
    for (index, (derivative, difference)) in zip(gradient.doubles, differences).enumerated() {
      #expect(
        (derivative - difference).magnitude <= tolerance * scale,
        "\(name)[\(index)]: \(derivative), by central differences \(difference)",
        sourceLocation: sourceLocation)
    }
  }
}

/// Adds the output `loss`: the sum of all elements of the outputs, each times a random number.
private func addLoss(_ graph: inout Graph, _ counted: Set<Int>?) throws {
  let builder = GraphBuilder(extending: graph)
  var terms: [Value?] = []
  for (index, output) in graph.outputs.enumerated() {
    let y = builder.value(output.value)
    guard y.fact.type.isFloatingPoint, counted?.contains(index) ?? true else { continue }
    let numbers = Philox(seed: 7).normal(count: y.shape.elementCount, stream: UInt64(index))
    let cotangent = Tensor(numbers, shape: y.shape).converted(to: .float64)
    let product = try builder.add(Mul(), builder.add(Cast(to: .float64), y), builder.constant(cotangent))
    terms.append(try builder.add(ReduceSum(keepsDimensions: false), product))
  }
  try builder.output("loss", builder.add(Sum(), terms)[0])
  graph = builder.graph
}
