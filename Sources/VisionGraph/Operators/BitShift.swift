import VisionSystem
public import VisionTensor

/// The bits of a shifted by b places, filled with zeros, with broadcasting; unsigned integers. ONNX BitShift,
/// opset 11.
public struct BitShift: BinaryElementwise {
  public static let name = "BitShift"
  public static let types: Set<ElementType> = [.uint8, .uint16, .uint32, .uint64]
  /// Which way the bits move.
  public enum Direction: String, Sendable, Hashable {
    case left = "LEFT"
    case right = "RIGHT"
  }
  public var direction: Direction

  public init(_ direction: Direction) { self.direction = direction }

  public func apply(_ a: Double, _ b: Double) -> Double { .nan }  // Floating-point types are refused.
  public func apply(_ a: Int, _ b: Int) -> Int { direction == .left ? a << b : a >> b }
  public func apply(_ a: UInt64, _ b: UInt64) -> UInt64 { direction == .left ? a << b : a >> b }

  public static func build(_ node: ImportedNode, in graph: GraphBuilder) throws(GraphError) -> [Value] {
    try node.allowAttributes(["direction"])
    try node.allowInputs(atMost: 2)
    guard let direction = try node.string("direction").flatMap(Direction.init(rawValue:)) else {
      throw GraphError(.structure, "BitShift lacks a direction LEFT or RIGHT", place: node.name)
    }
    return try graph.add(BitShift(direction), node.inputs, name: node.name)
  }

  public var attributes: Attributes { ["direction": .string(direction.rawValue)] }
}
