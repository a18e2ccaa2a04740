import VisionGraph
public import VisionTensor

/// A value that a step of a plan reads or writes.
public struct PlanValue: Sendable, Hashable {
  public let type: ElementType
  public let shape: Shape
  /// The memory layout: `row-major`, `channels last`, or `packed` for weights in the order in which kernels
  /// read them.
  public let layout: String

  /// Bytes of the elements.
  public var byteCount: Int { shape.elementCount * type.byteCount }

  init(_ fact: Fact, in layout: Layout) {
    type = fact.type
    shape = fact.shape
    self.layout =
      switch layout {
      case .rowMajor: "row-major"
      case .channelsLast: "channels last"
      case .filters: "packed"
      }
  }
}
