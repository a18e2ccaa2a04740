import VisionGraph
public import VisionTensor

/// A value that a step of a plan reads or writes.
public struct PlanValue: Sendable, Hashable {
  public let type: ElementType
  public let shape: Shape
  /// How it lies in memory: `row-major`, `channels last`, or `packed` as kernels read weights.
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
