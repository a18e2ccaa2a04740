import VisionSystem
package import VisionTensor

/// A function of one byte, as the table of its 256 results: DequantizeLinear → functions of one element → QuantizeLinear.
///
/// Inputs: x, uint8; the table, uint8 256.
package struct QuantizedTable: InternalOperator {
  package static let name = "QuantizedTable"
  package init() {}

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: [.uint8])
    let table = try ShapeRule.required(inputs, 1, types: [.uint8])
    guard table.shape == [256] else { throw ShapeError("the table \(table.shape) has not 256 entries") }
    return [Fact(.uint8, x.shape)]
  }

  package func sampleInputs(_ inputs: [Fact?]) -> Set<Int>? { [0] }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    _ = try resolved(inputs)
    let (x, table) = (try Reference.required(inputs, 0), try Reference.required(inputs, 1))
    guard let bytes = x.values(as: UInt8.self), let results = table.values(as: UInt8.self) else {
      throw QuantizedOperands.missing()
    }
    return [Tensor(bytes.map { results[Int($0)] }, shape: x.shape)]
  }
}
