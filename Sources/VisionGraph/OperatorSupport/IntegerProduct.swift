import VisionSystem
package import VisionTensor

/// What products of quantized tensors share: integers relative to their zero points, exact sums, and the way
/// back to bytes.
package enum IntegerProduct {
  /// The types of the operands.
  package static let types: Set<ElementType> = [.int8, .uint8]

  /// The axis of an operand along which its scales and zero points may differ.
  package enum Side {
    /// The rows of a left matrix.
    case rows
    /// The columns of a right matrix.
    case columns
    /// The first axis of convolution weights.
    case outputs
  }

  /// The shape with which scales or zero points broadcast to an operand: [] for one number.
  ///
  /// A vector has one number for each row, column or output; for matrices, a shape of the operand's rank with
  /// extent 1 along the axis of the sums is accepted, too.
  package static func aligned(_ parameter: Shape, to operand: Shape, _ side: Side) throws(ShapeError) -> Shape
  {
    if Quantization.isPerTensor(parameter) { return [] }
    let rank = operand.rank
    if side == .outputs {
      guard rank > 0, parameter == [operand[0]] else {
        throw ShapeError("\(parameter) is neither one number nor one for each of the outputs of \(operand)")
      }
      return Shape([operand[0]] + [Int](repeating: 1, count: rank - 1))
    }
    guard rank >= 2 else { throw ShapeError("\(parameter) does not fit the vector \(operand)") }
    let (kept, summed) = side == .rows ? (rank - 2, rank - 1) : (rank - 1, rank - 2)
    if parameter == [operand[kept]] { return side == .rows ? [operand[kept], 1] : parameter }
    var expected = operand
    expected[summed] = 1
    guard parameter == expected else {
      throw ShapeError("\(parameter) does not fit the \(side == .rows ? "rows" : "columns") of \(operand)")
    }
    return parameter
  }

  /// x − zero point in float64, which holds these integers exactly.
  package static func centered(_ x: Tensor, _ zero: Tensor?, _ side: Side) throws(EvaluationError) -> Tensor {
    guard let zero else { return x.converted(to: .float64) }
    let zeros = zero.doubles
    let places = try places(of: zero.shape, on: x.shape, side, in: x.shape)
    return Tensor(zip(x.doubles, places).map { $0 - zeros[$1] }, shape: x.shape)
  }

  /// For every element of `target`, the position of its scale or zero point.
  package static func places(of parameter: Shape, on operand: Shape, _ side: Side, in target: Shape)
    throws(EvaluationError) -> [Int]
  {
    let shape: Shape
    do {
      shape = try aligned(parameter, to: operand, side)
    } catch { throw EvaluationError(error.message) }
    guard shape.broadcast(with: target) == target else {
      throw EvaluationError("\(parameter) does not fit the product \(target)")
    }
    return Reference.indices(of: shape, broadcastTo: target)
  }

  /// Sums in 32 bits, which wrap.
  package static func wrapped(_ sums: Tensor) -> Tensor {
    Tensor(sums.doubles.map { Int32(truncatingIfNeeded: Int(saturating: $0)) }, shape: sums.shape)
  }

  /// saturate(round(sum · multiplier) + zero point): the product in float32, rounded with ties to even.
  package static func bytes(_ sums: Tensor, _ multipliers: [Float], zero: Tensor?, type: ElementType)
    -> Tensor
  {
    let zero = zero?.doubles.first ?? 0
    let bytes = zip(sums.doubles, multipliers).map { sum, multiplier in
      Double((Float(sum) * multiplier).rounded(.toNearestOrEven)) + zero
    }
    return Tensor(doubles: bytes, shape: sums.shape, elementType: type)
  }

  /// sum · multiplier in float32.
  package static func floats(_ sums: Tensor, _ multipliers: [Float]) -> Tensor {
    Tensor(zip(sums.doubles, multipliers).map { Float($0) * $1 }, shape: sums.shape)
  }
}
