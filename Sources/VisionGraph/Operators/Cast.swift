import VisionSystem
public import VisionTensor

/// The elements of x in another type. ONNX Cast, opset 13, with the types of opset 24.
///
/// Numbers are rounded to nearest, ties to even, when cast to floats; floats are truncated and saturated when
/// cast to integers, of which those of 4 bits keep the low bits; integers keep their low bits when cast to integers; a
/// cast to bool gives whether the element differs from 0. Floats of 8 bits have two more settings.
public struct Cast: Operator {
  public static let name = "Cast"
  /// The type of the result.
  public var type: ElementType
  /// Whether numbers out of the range of a float of 8 bits become the largest one, not infinity or NaN.
  public var saturates: Bool
  /// How numbers become powers of two, the elements of `float8e8m0`.
  public var rounding: ExponentRounding

  public init(to type: ElementType, saturates: Bool = true, rounding: ExponentRounding = .up) {
    self.type = type
    self.saturates = saturates
    self.rounding = rounding
  }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    [Fact(type, try ShapeRule.required(inputs, 0).shape)]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    [cast(try Reference.required(inputs, 0))]
  }

  func cast(_ x: Tensor) -> Tensor {
    if type == x.elementType { return x }
    let isFloat = x.elementType.isFloatingPoint
    if type.isFloatingPoint, type.byteCount == 1 {
      return Tensor(elementType: type, shape: x.shape) { bytes in
        ElementConversion.store(
          x.doubles, asSmall: type, saturates: saturates, rounding: rounding, into: bytes)
      }
    }
    if type == .uint64, isFloat {
      // `Int` does not cover the range of uint64.
      return Tensor(
        x.doubles.map { UInt64(exactly: $0.rounded(.towardZero)) ?? ($0 > 0 ? .max : 0) }, shape: x.shape)
    }
    if type.isFourBits { return Tensor(wrapping: x.wrappedIntegers, shape: x.shape, elementType: type) }
    if isFloat || type.isFloatingPoint || type == .bool { return x.converted(to: type) }
    return Tensor(wrapping: x.wrappedIntegers, shape: x.shape, elementType: type)
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, x) throws(GraphError) in
      index == 0 ? try node.add(Cast(to: x.fact.type), node.gradient) : nil
    }
  }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    let (saturates, rounding) = try settings(node, ["to"])
    try node.allowInputs(atMost: 1)
    guard let number = try node.int("to") else {
      throw GraphError(.structure, "Cast lacks its target type", place: node.name)
    }
    guard let type = ElementType(onnx: number) else {
      throw node.unsupported("casting to \(ElementType.onnxName(number))")
    }
    let cast = Cast(to: type, saturates: saturates, rounding: rounding)
    return try graph.add(cast, node.inputs, name: node.name)
  }

  /// The attributes `saturate` (opset 19) and `round_mode` (opset 24); no others than those and `known` are allowed.
  static func settings(_ node: ImportedNode, _ known: Set<String>) throws(GraphError) -> (
    saturates: Bool, rounding: ExponentRounding
  ) {
    let newer: Set = node.opset < 19 ? [] : node.opset < 24 ? ["saturate"] : ["round_mode", "saturate"]
    try node.allowAttributes(known.union(newer))
    let mode = try node.string("round_mode") ?? ExponentRounding.up.rawValue
    guard let rounding = ExponentRounding(rawValue: mode) else {
      throw node.unsupported("round_mode '\(mode)'")
    }
    return (try node.flag("saturate", default: true), rounding)
  }

  /// The attributes that `settings` reads, where they differ from their defaults.
  static func attributes(saturates: Bool, rounding: ExponentRounding) -> Attributes {
    var attributes = Attributes()
    if !saturates { attributes["saturate"] = .int(0) }
    if rounding != .up { attributes["round_mode"] = .string(rounding.rawValue) }
    return attributes
  }

  public func minimumOpset(_ inputs: [Fact?]) -> Int { rounding != .up ? 24 : saturates ? 0 : 19 }

  public var attributes: Attributes {
    var attributes = Self.attributes(saturates: saturates, rounding: rounding)
    attributes["to"] = .int(type.onnx)
    return attributes
  }
}
