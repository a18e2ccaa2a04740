public import VisionGraph
import VisionSystem
import VisionTensor

/// The largest element of every window: N×C×H×W → N×C×H′×W′. The padding is ignored.
public struct MaxPool2D: Layer {
  /// The geometry of the window.
  public let window: Window
  /// Whether a last window that lies partly outside the input is included.
  public let ceiling: Bool

  /// A square window; the stride defaults to the kernel.
  public init(_ kernel: Int, stride: Int? = nil, padding: Padding = .valid, ceiling: Bool = false) {
    let stride = stride ?? kernel
    self.init((kernel, kernel), stride: (stride, stride), padding: padding, ceiling: ceiling)
  }

  /// Extents are given as (height, width); the stride defaults to the kernel.
  public init(
    _ kernel: (height: Int, width: Int), stride: (height: Int, width: Int)? = nil,
    padding: Padding = .valid, ceiling: Bool = false
  ) {
    self.window = Window(kernel: kernel, stride: stride ?? kernel, padding: padding)
    self.ceiling = ceiling
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    _ = try x.imageExtents(for: self)
    return try x.graph.add(MaxPool(window: window, ceiling: ceiling), x)
  }
}
