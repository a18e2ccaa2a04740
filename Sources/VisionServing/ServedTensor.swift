/// A named tensor of several samples, as the open inference protocol exchanges them.
public struct ServedTensor: Sendable, Hashable {
  /// The name of the network's input or output.
  public var name: String
  /// N and the extents of one sample.
  public var shape: [Int]
  /// In the order of the shape, the last axis varying fastest.
  public var numbers: [Float]

  public init(name: String, shape: [Int], numbers: [Float]) {
    (self.name, self.shape, self.numbers) = (name, shape, numbers)
  }
}
