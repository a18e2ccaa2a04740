import VisionGraph
import VisionTensor
import VisionSystem

/// How operations of TensorFlow are translated, by their names.
enum FrozenOperations {
  typealias Build =
    @Sendable (inout FrozenGraphImporter, FrozenNode, [FrozenValue]) throws(FormatError) ->
    [FrozenValue]

  static let table: [String: Build] = {
    var table = moving
    table.merge(arithmetic) { _, new in new }
    table.merge(windows) { _, new in new }
    return table
  }()

  /// The input at a position.
  static func input(_ node: FrozenNode, _ inputs: [FrozenValue], _ index: Int) throws(FormatError)
    -> FrozenValue
  {
    guard index < inputs.count else { throw node.error(.corrupt, "lacks its input \(index)") }
    return inputs[index]
  }

  /// The integers of an input that must be constant.
  static func integers(_ node: FrozenNode, _ inputs: [FrozenValue], _ index: Int) throws(FormatError) -> [Int]
  {
    guard let tensor = try input(node, inputs, index).constant, !tensor.elementType.isFloatingPoint else {
      throw node.error(.unsupported, "input \(index) must be constant integers")
    }
    return tensor.integers
  }

  /// The element type that an attribute names.
  static func type(_ node: FrozenNode, _ attribute: String) throws(FormatError) -> ElementType {
    guard let code = node.type(attribute) else { throw node.error(.corrupt, "lacks the type '\(attribute)'") }
    guard let type = FrozenType.type(code) else {
      throw node.error(.unsupported, "the type \(FrozenType.name(code)) is not supported")
    }
    return type
  }

  /// A list of numbers as an operator's constant input.
  static func constant(_ numbers: [Int]) -> FrozenValue { .constant(Tensor(numbers.map(Int64.init))) }

  /// An axis that may be counted from the end.
  static func axis(_ node: FrozenNode, _ axis: Int, rank: Int) throws(FormatError) -> Int {
    guard (-rank..<rank).contains(axis) else {
      throw node.error(.network, "axis \(axis) does not exist among \(rank) axes")
    }
    return axis < 0 ? axis + rank : axis
  }
}
