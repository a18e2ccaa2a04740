extension Differentiation {
  /// The gradients of Max and Min: each element's gradient goes to the input that is the extremum, in equal
  /// parts where several inputs are equal.
  func extremum() throws(GraphError) -> [Value?] {
    var masks: [Value] = []
    for case let input? in inputs {
      masks.append(try add(Cast(to: input.fact.type), add(Equal(), input, outputs[0])))
    }
    let count = try add(Sum(), masks)[0]
    let share = try add(Div(), gradient, count)
    return try broadcast { (index, _) throws(GraphError) in try add(Mul(), share, masks[index]) }
  }

  /// The gradient of ReduceMax and ReduceMin: it goes to the elements that equal the result, in equal parts.
  func extremum(_ reduction: some AttributeReduction) throws(GraphError) -> [Value?] {
    try wanted { (_, x) throws(GraphError) in
      let y = try kept(outputs[0], reduction)
      let mask = try add(Cast(to: x.fact.type), add(Equal(), x, y))
      let axes = try reducedAxes(reduction)
      let count = axes.isEmpty ? mask : try add(ReduceSum(), mask, integers(axes))
      return try add(Mul(), mask, add(Div(), kept(gradient, reduction), count))
    }
  }

  /// The result of a reduction, with the reduced axes restored as axes of extent 1.
  func kept(_ value: Value, _ reduction: some Reduction) throws(GraphError) -> Value {
    if reduction.keepsDimensions { return value }
    let axes = try reducedAxes(reduction)
    return axes.isEmpty ? value : try add(Unsqueeze(), value, integers(axes))
  }

  private func reducedAxes(_ reduction: some Reduction) throws(GraphError) -> [Int] {
    do {
      return try reduction.reducedAxes(inputs.map { $0?.fact })
    } catch { throw GraphError(.shape, "\(operatorName): \(error.message)", place: name) }
  }
}
