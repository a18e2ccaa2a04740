public import VisionGraph

/// The means of height × width equal windows that tile the image: N×C×H×W → N×C×height×width.
///
/// The input's extents must be multiples of the output's; if they are equal, the input is returned.
public struct AdaptiveAveragePool2D: Layer {
  /// The height of the output in elements.
  public let height: Int
  /// The width of the output in elements.
  public let width: Int

  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    let input = try x.imageExtents(for: self)
    guard height > 0, width > 0, input.height % height == 0, input.width % width == 0 else {
      throw GraphError(
        .shape, "\(input.height)×\(input.width) cannot be tiled by \(height)×\(width) windows of one size",
        place: x.graph.path, remedy: "use images whose extents are multiples of those the network is made for"
      )
    }
    if (input.height, input.width) == (height, width) { return x }
    return try AveragePool2D((input.height / height, input.width / width))(x)
  }
}
