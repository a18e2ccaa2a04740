public import Testing
public import VisionGraph
public import VisionTensor

/// A form with the functions that the operator has by default, or with others.
public func recurrentForm<Op: RecurrentOperator>(
  _: Op.Type, hidden: Int, direction: RecurrentForm.Direction = .forward,
  activations: [RecurrentActivation]? = nil, clip: Float? = nil, isBatchFirst: Bool = false
) -> RecurrentForm {
  let count = direction == .bidirectional ? 2 : 1
  let usual = (0..<count).flatMap { _ in Op.defaultActivations.map { RecurrentActivation($0) } }
  return RecurrentForm(
    hiddenSize: hidden, direction: direction, activations: activations ?? usual, clip: clip,
    isBatchFirst: isBatchFirst)
}

/// The inputs of a recurrent operator, each a quarter of `pattern` with a seed of its own.
public func recurrentInputs<Op: RecurrentOperator>(
  _ op: Op, steps: Int, batch: Int, features: Int, biases: Bool = true, lengths: [Int32]? = nil,
  states: Bool = true, cells: Bool = true, peepholes: Bool = false
) -> [Tensor?] {
  func numbers(_ shape: Shape, _ seed: Int) -> Tensor {
    Tensor(doubles: pattern(shape, seed: seed).doubles.map { $0 / 4 }, shape: shape, elementType: .float32)
  }
  let (hidden, isBatchFirst) = (op.form.hiddenSize, op.form.isBatchFirst)
  let directions = op.form.direction == .bidirectional ? 2 : 1
  let rows = Op.gateCount * hidden
  let first: Shape = isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden]
  var inputs: [Tensor?] = [
    numbers(isBatchFirst ? [batch, steps, features] : [steps, batch, features], 1),
    numbers([directions, rows, features], 2), numbers([directions, rows, hidden], 3),
    biases ? numbers([directions, 2 * rows], 4) : nil, lengths.map { Tensor($0) },
    states ? numbers(first, 5) : nil,
  ]
  if Op.hasCell {
    inputs.append(cells ? numbers(first, 6) : nil)
    inputs.append(peepholes ? numbers([directions, 3 * hidden], 7) : nil)
  }
  return inputs
}

/// Compares the gradients of Σ y · `pattern(shape of y, seed: 20 + index of y)` over all outputs with golden ones, by input.
public func checkRecurrentGradients<Op: RecurrentOperator>(
  _ op: Op, _ inputs: [Tensor?], expected: [Int: Tensor], sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let builder = GraphBuilder()
  var named: [String: Tensor] = [:]
  var values: [Value?] = []
  for (index, tensor) in inputs.enumerated() {
    guard let tensor else {
      values.append(nil)
      continue
    }
    named["x\(index)"] = tensor
    values.append(
      try builder.input("x\(index)", type: tensor.elementType, dimensions: tensor.shape.map { .fixed($0) }))
  }
  var terms: [Value?] = []
  for (index, y) in try builder.add(op, values).enumerated() {
    let product = try builder.add(Mul(), y, builder.constant(pattern(y.shape, seed: 20 + index)))
    terms.append(try builder.add(ReduceSum(keepsDimensions: false), product))
  }
  try builder.output("loss", builder.add(Sum(), terms)[0])
  let names = expected.keys.sorted().map { "x\($0)" }
  let graph = try builder.graph.differentiated(loss: "loss", withRespectTo: names)
  let results = try Interpreter(graph, parameters: Parameters()).run(named)
  for (index, golden) in expected.sorted(by: { $0.key < $1.key }) {
    let result = try #require(results["gradient of x\(index)"])
    expectClose(result, golden, tolerance: 1e-6, "gradient \(index)", sourceLocation: sourceLocation)
  }
}
