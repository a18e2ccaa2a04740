public import VisionTensor

/// The declaration of an input or output of a program.
public struct ProgramPort: Sendable {
  /// The name in the file.
  public let name: String
  /// Nil where the value is no tensor, or the file does not say its type.
  public let type: ElementType?
  /// The extents, nil for open ones; nil where even their number is open.
  public let extents: [Int?]?
  /// What the value is if it is no tensor: `sequence`, `optional` or `optional sequence`.
  public let otherKind: String?

  init(_ info: OnnxValueInfo) {
    name = info.name
    type = info.type.flatMap(OnnxTypes.type)
    extents = info.extents?.map { extent in
      guard case .fixed(let extent) = extent else { return nil }
      return extent
    }
    otherKind = info.otherKind
  }
}
