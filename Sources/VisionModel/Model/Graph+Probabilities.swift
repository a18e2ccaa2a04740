public import VisionGraph
import VisionTensor

extension Graph {
  /// The graph of a classifier: outputs `logits` N×K and `probabilities` = softmax(logits / `temperature`).
  ///
  /// The logits are the output with that name, or else the only output. Existing probabilities are replaced,
  /// so a classifier can be recalibrated.
  ///
  /// - Parameter temperature: above 0; more than 1 makes the probabilities more uniform.
  /// - Throws: `GraphError` when there is no such output, or it is not N×K of a floating-point type.
  public func withProbabilities(temperature: Float = 1) throws(GraphError) -> Graph {
    guard temperature > 0, temperature.isFinite else {
      throw GraphError(.input, "the temperature \(temperature) is not a number above 0")
    }
    guard
      let logits = output(of: .logits) ?? (outputs.count == 1 ? outputs[0] : nil)
    else {
      let names = outputs.map(\.name).joined(separator: ", ")
      throw GraphError(
        .structure, "the network has no output '\(OutputRole.logits.name)'",
        remedy: "its outputs are: \(names)")
    }
    let fact = fact(logits.value)
    guard fact.shape.rank == 2, fact.type.isFloatingPoint else {
      throw GraphError(.shape, "logits are N×K floats, but the output is \(fact)", place: logits.name)
    }
    let builder = GraphBuilder(extending: self)
    let value = builder.value(logits.value)
    let divisor = builder.constant(Tensor(scalar: temperature).converted(to: fact.type), name: "temperature")
    let scaled = try builder.add(Div(), value, divisor, name: "calibrated")
    let probabilities = try builder.add(Softmax(axis: -1), scaled, name: OutputRole.probabilities.name)
    try builder.output(OutputRole.logits.name, value)
    try builder.output(OutputRole.probabilities.name, probabilities)
    return try DeadNodeRemoval().run(builder.graph)
  }

  /// The temperature of `probabilities`, or nil when the graph has none.
  public var temperature: Float? {
    guard let output = output(of: .probabilities),
      let softmax = producer(of: output.value), softmax.operation is Softmax,
      let input = softmax.inputs.first,
      let input, let division = producer(of: input), division.operation is Div, division.inputs.count == 2,
      let divisor = division.inputs[1], let value = fact(divisor).value, value.elementCount == 1
    else { return nil }
    return value.floats[0]
  }
}
