public import VisionTensor

/// What is known about a value before a run: its type, its shape, and its elements if they are constant.
public struct Fact: Sendable, Hashable {
  public var type: ElementType
  public var shape: Shape
  /// The elements, when they follow from constants and shapes alone.
  public var value: Tensor?

  public init(_ type: ElementType, _ shape: Shape) {
    self.type = type
    self.shape = shape
  }

  public init(constant value: Tensor) {
    self.type = value.elementType
    self.shape = value.shape
    self.value = value
  }
}

extension Fact: CustomStringConvertible {
  public var description: String { "\(type.rawValue) \(shape)" }
}
