import VisionSystem
import VisionTensor

/// A value that is a function of one byte: all functions of one element from a DequantizeLinear on, and products of those of the same
/// byte, such as x · sigmoid(x), whose factors may have been bytes on the way.
struct ByteFunction {
  /// The tensor of bytes.
  let source: ValueID
  /// The results for all 256 bytes, float32.
  let results: Tensor

  /// How many nodes are looked back through.
  private static let depth = 6

  /// What a value may be taken for, from the nearest tensor of bytes to the farthest.
  static func all(of id: ValueID, _ pattern: QuantizedPattern, depth: Int = depth) -> [ByteFunction] {
    guard depth > 0, let node = pattern.graph.producer(of: id), node.outputs.count == 1 else { return [] }
    if let bytes = pattern.dequantized(id) { return dequantized(node, bytes, pattern, depth) }
    if node.operation is Mul, node.inputs.count == 2, let a = node.inputs[0], let b = node.inputs[1] {
      return product(all(of: a, pattern, depth: depth - 1), all(of: b, pattern, depth: depth - 1), pattern)
    }
    let facts = node.inputs.map { $0.map { pattern.graph.fact($0) } }
    guard node.operation.elementFunction(facts) != nil, let x = node.inputs.first ?? nil else { return [] }
    var others: [Tensor?] = []
    for (input, fact) in zip(node.inputs, facts).dropFirst() {
      guard input == nil || fact?.value != nil else { return [] }
      others.append(fact?.value)
    }
    return all(of: x, pattern, depth: depth - 1).compactMap { $0.applying(node.operation, others) }
  }

  /// The bytes themselves, and what they were made from.
  private static func dequantized(
    _ node: Graph.Node, _ bytes: QuantizedPattern.Bytes, _ pattern: QuantizedPattern, _ depth: Int
  ) -> [ByteFunction] {
    let parameters = node.inputs.dropFirst().map { $0.flatMap { pattern.graph.fact($0).value } }
    let own = Tensor((0..<256).map { UInt8($0) })
    guard let numbers = try? node.operation.evaluate([own] + parameters)[0] else { return [] }
    let nearest = ByteFunction(source: bytes.value, results: numbers)
    guard let before = pattern.graph.producer(of: bytes.value), before.operation is QuantizeLinear,
      pattern.bytes(of: before) != nil, let x = before.inputs[0]
    else { return [nearest] }
    let quantization = before.inputs.dropFirst().map { $0.flatMap { pattern.graph.fact($0).value } }
    let farther = all(of: x, pattern, depth: depth - 1).compactMap { function -> ByteFunction? in
      function.applying(before.operation, quantization)?.applying(node.operation, parameters)
    }
    return [nearest] + farther
  }

  /// The products of functions of the same bytes.
  private static func product(_ a: [ByteFunction], _ b: [ByteFunction], _ pattern: QuantizedPattern)
    -> [ByteFunction]
  {
    a.compactMap { first in
      b.first { $0.source == first.source }.flatMap { first.applying(Mul(), [$0.results]) }
    }
  }

  /// The function behind this one; nil where an operator wants something else than the results.
  private func applying(_ operation: any Operator, _ others: [Tensor?]) -> ByteFunction? {
    (try? operation.evaluate([results] + others)[0]).map { ByteFunction(source: source, results: $0) }
  }

  /// The table of bytes that a QuantizeLinear makes of the results.
  func table(_ node: Graph.Node, _ pattern: QuantizedPattern) -> Tensor? {
    let parameters = node.inputs.dropFirst().map { $0.flatMap { pattern.graph.fact($0).value } }
    guard let table = try? node.operation.evaluate([results] + parameters)[0], table.shape == [256],
      table.elementType == .uint8
    else { return nil }
    return table
  }
}
