/// An input or output of a served network.
public struct ServedTensorSpec: Sendable, Hashable {
  public let name: String
  /// Whether the elements are bytes, 0...255; otherwise they are float32.
  public let isBytes: Bool
  /// The extents of one sample, without N.
  public let shape: [Int]
}
