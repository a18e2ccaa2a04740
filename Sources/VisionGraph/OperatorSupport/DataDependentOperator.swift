import VisionSystem
package import VisionTensor

/// An operator whose outputs' extents depend on the elements of its inputs.
///
/// Its shape rule computes the outputs where all inputs are known, and otherwise says that it lacks them: no graph
/// holds such a node before its inputs are there, and a network that has one runs in stages. Its `evaluate` is
/// therefore what runs it, and is as fast as it can be.
public protocol DataDependentOperator: Operator {
  /// Checks types and shapes, as far as they must fit whatever the elements are.
  func check(_ inputs: [Fact?]) throws(ShapeError)

  /// Bytes that computing the results may take for each element of the inputs.
  func bytesPerElement(_ inputs: [Fact?]) -> Int
}

extension DataDependentOperator {
  public func bytesPerElement(_ inputs: [Fact?]) -> Int { 64 }

  public func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    try check(inputs)
    var tensors: [Tensor?] = []
    for (index, fact) in inputs.enumerated() {
      guard let fact else {
        tensors.append(nil)
        continue
      }
      guard let value = fact.value else {
        throw ShapeError.lacking("input \(index), on which the number of results depends,")
      }
      tensors.append(value)
    }
    let elements = tensors.reduce(0) { GraphLimits.sum($0, $1?.elementCount ?? 0) }
    let needed = GraphLimits.product(elements, bytesPerElement(inputs))
    guard needed <= MachineMemory.limit else {
      throw ShapeError("\(elements) elements would take \(MachineMemory.text(needed)) of memory")
    }
    do {
      return try evaluate(tensors).map { Fact(constant: $0) }
    } catch { throw ShapeError(error.message) }
  }
}

extension Tensor {
  /// For each element whether it is not zero; NaN is not.
  package var nonzero: [Bool] {
    if let flags = values(as: Bool.self) { return flags }
    if let numbers = values(as: Float.self) { return numbers.map { $0 != 0 } }
    if elementType.isFloatingPoint { return doubles.map { $0 != 0 } }
    return integers.map { $0 != 0 }
  }
}
