public import VisionTensor

/// x where the condition holds, else y, with broadcasting; x and y of one type. ONNX Where, opset 16.
public struct Where: PlainOperator {
  public static let name = "Where"
  public static let inputLimit: Int? = 3
  public init() {}

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let condition = try ShapeRule.required(inputs, 0, types: [.bool])
    let x = try ShapeRule.required(inputs, 1)
    let y = try ShapeRule.required(inputs, 2, types: [x.type])
    return [
      Fact(x.type, try ShapeRule.broadcast(condition.shape, try ShapeRule.broadcast(x.shape, y.shape)))
    ]
  }

  public func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let condition = Reference.expanded(try Reference.required(inputs, 0), to: fact.shape).integers
    let x = Reference.expanded(try Reference.required(inputs, 1), to: fact.shape)
    let y = Reference.expanded(try Reference.required(inputs, 2), to: fact.shape)
    let size = fact.type.byteCount
    let result = Tensor(elementType: fact.type, shape: fact.shape) { target in
      x.withUnsafeBytes { x in
        y.withUnsafeBytes { y in
          for byte in target.indices { target[byte] = condition[byte / size] != 0 ? x[byte] : y[byte] }
        }
      }
    }
    return [result]
  }

  public func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    let zero = node.scalar(0, like: node.gradient)
    return try node.broadcast { (index, _) throws(GraphError) in
      switch index {
      case 1: try node.add(Where(), node.input(0), node.gradient, zero)
      case 2: try node.add(Where(), node.input(0), zero, node.gradient)
      default: nil
      }
    }
  }
}
