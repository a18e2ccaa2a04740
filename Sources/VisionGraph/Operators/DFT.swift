public import VisionTensor
import VisionSystem

/// The discrete Fourier transform along one axis, or its inverse. ONNX DFT, opset 20.
///
/// Inputs: x, a floating-point type, whose last axis has one element, the real part, or two; optionally the length, one int32 or
/// int64 number, to which the signal is cut or filled with zeros; optionally the axis, one int64 number, −2 without it. Length and
/// axis are known before the run. Output: real and imaginary parts along the last axis.
public struct DFT: Operator {
  public static let name = "DFT"
  public static let introduction = 20
  public static let constantInputs: Set = [1, 2]
  /// Whether it is the inverse, which is divided by the length.
  public var isInverse: Bool
  /// Whether only the frequencies up to half the length are given, which those of a real signal follow from.
  public var isOneSided: Bool

  public init(isInverse: Bool = false, isOneSided: Bool = false) {
    self.isInverse = isInverse
    self.isOneSided = isOneSided
  }

  /// Where a transform is along x.
  struct Form {
    var axis: Int
    var length: Int
    /// The number of frequencies.
    var count: Int
  }

  func form(_ inputs: [Fact?]) throws(ShapeError) -> Form {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    _ = try ShapeRule.optional(inputs, 1, types: .indices)
    _ = try ShapeRule.optional(inputs, 2, types: [.int64])
    guard x.shape.rank >= 2, x.shape.last == 1 || x.shape.last == 2 else {
      throw ShapeError("the last axis of input \(x.shape) must have one or two elements")
    }
    let axes = try ShapeRule.constant(inputs, 2, "the axis") ?? [-2]
    guard axes.count == 1 else { throw ShapeError("the axis must be one number") }
    let axis = try ShapeRule.axis(axes[0], rank: x.shape.rank)
    guard axis < x.shape.rank - 1 else { throw ShapeError("the last axis is that of the complex numbers") }
    let lengths = try ShapeRule.constant(inputs, 1, "the length") ?? [x.shape[axis]]
    guard lengths.count == 1, lengths[0] > 0 else {
      throw ShapeError("the length must be one positive number")
    }
    guard !isOneSided || x.shape.last == 1 && !isInverse else {
      throw ShapeError("only the transform of a real signal can be one-sided")
    }
    return Form(axis: axis, length: lengths[0], count: isOneSided ? lengths[0] / 2 + 1 : lengths[0])
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let form = try form(inputs)
    let x = try ShapeRule.required(inputs, 0)
    var extents = x.shape.dimensions
    extents[form.axis] = form.count
    extents[extents.count - 1] = 2
    return [Fact(x.type, try ShapeRule.shape(extents, "the transform"))]
  }

  private func form(_ inputs: [Tensor?]) throws(EvaluationError) -> Form {
    do {
      return try form(inputs.map { $0.map(Fact.init(constant:)) })
    } catch { throw EvaluationError(error.message) }
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let form = try form(inputs)
    let x = try Reference.required(inputs, 0)
    let (values, parts) = (x.doubles, x.shape[x.shape.rank - 1])
    let factor = isInverse ? 1 / Double(form.length) : 1
    var results = [Double](repeating: 0, count: fact.shape.elementCount)
    let inner = x.shape.dimensions[(form.axis + 1)...].dropLast().reduce(1, *)
    let outer = x.shape.dimensions[..<form.axis].reduce(1, *)
    let sum = FourierSum(length: form.length, isInverse: isInverse, lines: outer * inner)
    for line in 0..<(outer * inner) {
      func place(_ index: Int, of count: Int) -> Int { (line / inner * count + index) * inner + line % inner }
      let sources = (0..<x.shape[form.axis]).map { place($0, of: x.shape[form.axis]) * parts }
      let real = sources.map { values[$0] }
      let imaginary = sources.map { parts == 2 ? values[$0 + 1] : 0 }
      let (a, b) = sum(real, imaginary, 0..<form.count)
      for index in 0..<form.count {
        let target = 2 * place(index, of: form.count)
        (results[target], results[target + 1]) = (a[index] * factor, b[index] * factor)
      }
    }
    return [Tensor(doubles: results, shape: fact.shape, elementType: fact.type)]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, x) throws(GraphError) in
      guard index == 0 else { return nil }
      return try node.add(Gradient(self), [node.gradient, node.shape(of: x)] + node.inputs.dropFirst())[0]
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(node.opset < 20 ? ["axis", "inverse", "onesided"] : ["inverse", "onesided"])
    try node.allowInputs(atMost: node.opset < 20 ? 2 : 3)
    let op = DFT(isInverse: try node.flag("inverse"), isOneSided: try node.flag("onesided"))
    var axis = node.optionalInput(2)
    if node.opset < 20 {
      axis = graph.constant(Tensor(scalar: Int64(try node.int("axis") ?? 1)), name: "\(node.name).axis")
    }
    return [try graph.add(op, node.input(0), node.optionalInput(1), axis, name: node.name)]
  }

  public var attributes: Attributes {
    ["inverse": .int(isInverse ? 1 : 0), "onesided": .int(isOneSided ? 1 : 0)]
  }

  public func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    let length = (try? form(inputs))?.length ?? 1
    return GraphLimits.product(outputs[0].shape.elementCount, length, 4)
  }
}

extension DFT {
  /// The gradient: the conjugate transform of g, cut to the elements that x has.
  ///
  /// Inputs: g, a floating-point type; the shape of x, int64; the transform's length and axis, as there.
  package struct Gradient: InternalOperator {
    package static let name = "DFTGradient"
    package let transform: DFT

    package init(_ transform: DFT) { self.transform = transform }

    package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
      let g = try ShapeRule.required(inputs, 0, types: .floats)
      let x = Fact(g.type, try ShapeRule.constantShape(inputs, 1))
      try ShapeRule.same(inputs, 0, as: transform.outputs([x] + inputs.dropFirst(2))[0])
      return [x]
    }

    package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
      let fact = try resolved(inputs)[0]
      let g = try Reference.required(inputs, 0)
      let form: Form
      do {
        form = try transform.form([fact] + inputs.dropFirst(2).map { $0.map(Fact.init(constant:)) })
      } catch { throw EvaluationError(error.message) }
      let (values, parts) = (g.doubles, fact.shape[fact.shape.rank - 1])
      let factor = transform.isInverse ? 1 / Double(form.length) : 1
      let extent = fact.shape[form.axis]
      var results = [Double](repeating: 0, count: fact.shape.elementCount)
      let inner = fact.shape.dimensions[(form.axis + 1)...].dropLast().reduce(1, *)
      let outer = fact.shape.dimensions[..<form.axis].reduce(1, *)
      let sum = FourierSum(length: form.length, isInverse: !transform.isInverse, lines: outer * inner)
      for line in 0..<(outer * inner) {
        func place(_ index: Int, of count: Int) -> Int {
          (line / inner * count + index) * inner + line % inner
        }
        let sources = (0..<form.count).map { 2 * place($0, of: form.count) }
        let (a, b) = sum(
          sources.map { values[$0] }, sources.map { values[$0 + 1] }, 0..<min(extent, form.length))
        for index in a.indices {
          let target = parts * place(index, of: extent)
          results[target] = a[index] * factor
          if parts == 2 { results[target + 1] = b[index] * factor }
        }
      }
      return [Tensor(doubles: results, shape: fact.shape, elementType: fact.type)]
    }

    package var attributes: Attributes { transform.attributes }

    package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
      let extent = inputs[0]?.shape.elementCount ?? 0
      let length = (try? transform.form([outputs[0]] + inputs.dropFirst(2)))?.length ?? 1
      return GraphLimits.product(extent, length, 4)
    }
  }
}
