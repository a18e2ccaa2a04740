import VisionTensor

extension Graph {
  /// The name of the output that `differentiated` adds for a value.
  package static func gradientName(of name: String) -> String { "gradient of \(name)" }

  /// The graph, extended by nodes that compute the derivative of `loss` with respect to each of `names` in
  /// reverse mode.
  ///
  /// All outputs are kept. For each name the output `gradient of NAME` is added, with the type and shape of
  /// the value; it is zero where the loss does not depend on the value. The graph can be bound to other batch
  /// sizes as before.
  ///
  /// - Parameters:
  ///   - loss: the name of an output that is one floating-point number.
  ///   - names: parameters, inputs, or any other value, floating-point.
  /// - Throws: `GraphError` when a name is missing or not floating-point, or an operator between the loss and the values
  ///   has no derivative; values of integer types end a path.
  package func differentiated(loss: String, withRespectTo names: [String]) throws(GraphError) -> Graph {
    guard let target = outputs.first(where: { $0.name == loss })?.value else {
      throw GraphError(
        .name, "there is no output '\(loss)'", place: loss,
        remedy: "the outputs are: \(outputs.map(\.name).joined(separator: ", "))")
    }
    guard fact(target).type.isFloatingPoint, fact(target).shape.elementCount == 1 else {
      throw GraphError(
        .derivative, "the loss '\(loss)' is \(fact(target)), not one floating-point number", place: loss)
    }
    let wanted = try differentiable(names)
    let leads = dependents(of: wanted)

    let builder = GraphBuilder(extending: self)
    for output in outputs { try builder.output(output.name, builder.value(output.value)) }
    var gradients = [Value?](repeating: nil, count: values.count)
    let one = Tensor(doubles: [1], shape: fact(target).shape, elementType: fact(target).type)
    gradients[target.index] = builder.constant(one, name: "\(loss).gradient")

    for node in nodes.reversed() {
      let incoming = node.outputs.map { gradients[$0.index] }
      let isWanted = node.inputs.map { $0.map { leads[$0.index] } ?? false }
      guard isWanted.contains(true), incoming.contains(where: { $0 != nil }) else { continue }
      let results = try Self.gradients(of: node, incoming, isWanted, in: builder)
      for (input, result) in zip(node.inputs, results) {
        guard let input, let result, leads[input.index] else { continue }
        if let sum = gradients[input.index] {
          gradients[input.index] = try builder.add(Add(), sum, result, name: "\(node.name).gradient.sum")
        } else {
          gradients[input.index] = result
        }
      }
    }
    for (name, id) in zip(names, wanted) {
      if gradients[id.index] == nil {
        gradients[id.index] = try builder.zeros(like: builder.value(id), name: "\(name).gradient")
      }
      if let gradient = gradients[id.index] { try builder.output(Self.gradientName(of: name), gradient) }
    }
    return builder.graph
  }

  /// The values with these names.
  private func differentiable(_ names: [String]) throws(GraphError) -> [ValueID] {
    var ids: [String: ValueID] = [:]
    for (index, record) in values.enumerated() where ids[record.name] == nil {
      ids[record.name] = ValueID(index)
    }
    var result: [ValueID] = []
    for name in names {
      guard let id = ids[name] else {
        throw GraphError(.name, "there is no parameter or input '\(name)' to differentiate by", place: name)
      }
      guard fact(id).type.isFloatingPoint else {
        throw GraphError(.derivative, "'\(name)' is \(fact(id)), not floating-point", place: name)
      }
      result.append(id)
    }
    return result
  }

  /// For every value, whether it is one of `ids` or depends on one of them through floating-point values.
  private func dependents(of ids: [ValueID]) -> [Bool] {
    var depends = [Bool](repeating: false, count: values.count)
    for id in ids { depends[id.index] = true }
    for node in nodes where node.inputs.contains(where: { $0.map { depends[$0.index] } ?? false }) {
      for output in node.outputs where fact(output).type.isFloatingPoint { depends[output.index] = true }
    }
    return depends
  }

  /// The gradients of one node, checked against the facts of its inputs.
  private static func gradients(
    of node: Node, _ incoming: [Value?], _ isWanted: [Bool], in builder: GraphBuilder
  ) throws(GraphError) -> [Value?] {
    let outputs = node.outputs.map { builder.value($0) }
    let operatorName = type(of: node.operation).name
    let first: Value
    if let given = incoming[0] {
      first = given
    } else {
      first = try builder.zeros(like: outputs[0], name: "\(node.name).gradient.zeros")
    }
    let context = Differentiation(
      graph: builder, name: node.name, operatorName: operatorName,
      inputs: node.inputs.map { $0.map { builder.value($0) } }, outputs: outputs, gradients: incoming,
      gradient: first, wanted: isWanted)
    let results: [Value?]
    do {
      results = try node.operation.gradient(context)
    } catch { throw error.at(node.name) }
    for (index, (input, result)) in zip(context.inputs, results).enumerated() {
      guard let input, let result else { continue }
      guard result.shape == input.shape, result.fact.type == input.fact.type else {
        throw GraphError(
          .structure,
          "\(operatorName): the gradient of input \(index) is \(result.fact), not \(input.fact)",
          place: node.name)
      }
    }
    return results
  }
}
