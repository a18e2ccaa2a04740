import VisionSystem

/// Where an operator on quantized tensors has its operands, their scales and zero points among its inputs.
public struct QuantizedPositions: Sendable, Hashable {
  /// A tensor, its scale and its zero point, which may be absent.
  public struct Operand: Sendable, Hashable {
    public var value: Int
    public var scale: Int
    public var zero: Int

    public init(_ value: Int, scale: Int, zero: Int) {
      self.value = value
      self.scale = scale
      self.zero = zero
    }

    /// Three inputs, one behind the other.
    public init(at first: Int) { self.init(first, scale: first + 1, zero: first + 2) }
  }

  public var operands: [Operand]
  /// The scale and the zero point of the result.
  public var scale: Int
  public var zero: Int

  public init(_ operands: [Operand], scale: Int, zero: Int) {
    self.operands = operands
    self.scale = scale
    self.zero = zero
  }

  /// The positions of all scales and zero points.
  var parameters: [Int] { operands.flatMap { [$0.scale, $0.zero] } + [scale, zero] }
}
