import VisionSystem
public import VisionTensor

/// Sums of products of elements that an equation names, such as `bij,bjk->bik`. ONNX Einsum, opset 12.
///
/// Inputs: tensors of one type of numbers. Letters name their axes, and `...` axes that broadcast; an axis of one element is
/// repeated. A letter that a term has twice stands for a diagonal. What is not in the result is summed over; without an arrow,
/// that has the letters that occur once, in alphabetical order. Integers wrap.
public struct Einsum: Operator {
  public static let name = "Einsum"
  public var equation: String

  public init(_ equation: String) { self.equation = equation }

  package func form(_ inputs: [Shape]) throws(ShapeError) -> (output: Shape, products: Int) {
    let form = try EinsumForm(equation, inputs)
    return (form.shape(form.output), GraphLimits.product(form.shape(form.summed).dimensions))
  }

  /// The facts of the inputs, all of which must be present and of one type.
  private func operands(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let first = try ShapeRule.required(inputs, 0, types: .numbers)
    var facts: [Fact] = []
    for index in inputs.indices { facts.append(try ShapeRule.required(inputs, index, types: [first.type])) }
    return facts
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let facts = try operands(inputs)
    let shape = try form(facts.map(\.shape)).output
    return [Fact(facts[0].type, try ShapeRule.shape(shape.dimensions, "the result"))]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let tensors = inputs.compactMap { $0 }
    let form = try Self.form(equation, tensors.map(\.shape))
    if fact.type.isFloatingPoint {
      let sums = Self.sums(tensors.map(\.doubles), form, zero: 0, one: 1, +, *)
      return [Tensor(doubles: sums, shape: fact.shape, elementType: fact.type)]
    }
    let sums = Self.sums(tensors.map(\.wrappedIntegers), form, zero: 0, one: 1, &+, &*)
    return [Tensor(wrapping: sums, shape: fact.shape, elementType: fact.type)]
  }

  private static func form(_ equation: String, _ shapes: [Shape]) throws(EvaluationError) -> EinsumForm {
    do {
      return try EinsumForm(equation, shapes)
    } catch { throw EvaluationError(error.message) }
  }

  private static func sums<Number>(
    _ operands: [[Number]], _ form: EinsumForm, zero: Number, one: Number,
    _ add: (Number, Number) -> Number, _ multiply: (Number, Number) -> Number
  ) -> [Number] {
    let places = operands.indices.map { form.places($0) }
    return places[0].starts.indices.map { place in
      places[0].offsets.indices.reduce(zero) { sum, offset in
        add(
          sum,
          operands.indices.reduce(one) { product, index in
            multiply(product, operands[index][places[index].starts[place] + places[index].offsets[offset]])
          })
      }
    }
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, _) throws(GraphError) in
      try node.add(Gradient(equation, operand: index), [node.gradient] + node.inputs)[0]
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["equation"])
    guard let equation = try node.string("equation") else {
      throw GraphError(.structure, "Einsum lacks its equation", place: node.name)
    }
    return try graph.add(Einsum(equation), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["equation": .string(equation)] }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    let products = (try? form(inputs.compactMap { $0?.shape }))?.products ?? 1
    return GraphLimits.product(outputs[0].shape.dimensions + [products, 2 * inputs.count])
  }
}

extension Einsum {
  /// The gradient with respect to one operand.
  ///
  /// Inputs: g, then the operands, of one floating-point type. Output: the gradient, with the operand's shape.
  package struct Gradient: InternalOperator {
    package static let name = "EinsumGradient"
    package let equation: String
    package let operand: Int

    package init(_ equation: String, operand: Int) {
      self.equation = equation
      self.operand = operand
    }

    package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
      let result = try Einsum(equation).outputs(Array(inputs.dropFirst()))[0]
      try ShapeRule.same(inputs, 0, as: result)
      let x = try ShapeRule.required(inputs, operand + 1, types: .floats)
      return [Fact(x.type, x.shape)]
    }

    package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
      let fact = try resolved(inputs)[0]
      let tensors = inputs.dropFirst().compactMap { $0 }
      let form = try Einsum.form(equation, tensors.map(\.shape))
      let g = try Reference.required(inputs, 0).doubles
      let operands = tensors.map(\.doubles)
      let places = operands.indices.map { form.places($0) }
      var sums = [Double](repeating: 0, count: fact.shape.elementCount)
      for (place, number) in g.enumerated() {
        for offset in places[0].offsets.indices {
          var product = number
          for (index, operand) in operands.enumerated() where index != self.operand {
            product *= operand[places[index].starts[place] + places[index].offsets[offset]]
          }
          sums[places[operand].starts[place] + places[operand].offsets[offset]] += product
        }
      }
      return [Tensor(doubles: sums, shape: fact.shape, elementType: fact.type)]
    }

    package var attributes: Attributes { ["equation": .string(equation), "operand": .int(operand)] }

    package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
      let facts = Array(inputs.dropFirst())
      return Einsum(equation).flops(facts, inputs[0].map { [$0] } ?? outputs)
    }
  }
}
