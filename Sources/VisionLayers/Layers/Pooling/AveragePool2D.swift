public import VisionGraph
import VisionSystem
import VisionTensor

/// The mean of every window: N×C×H×W → N×C×H′×W′.
public struct AveragePool2D: Layer {
  /// Where the window stands.
  public let window: Window
  /// Whether a last window that lies partly outside counts.
  public let ceiling: Bool
  /// Whether the zeros of the padding count, as they do in PyTorch by default.
  public let countsPadding: Bool

  /// A square window; the stride is the kernel unless given.
  public init(
    _ kernel: Int, stride: Int? = nil, padding: Padding = .valid, ceiling: Bool = false,
    countsPadding: Bool = true
  ) {
    let stride = stride ?? kernel
    self.init(
      (kernel, kernel), stride: (stride, stride), padding: padding, ceiling: ceiling,
      countsPadding: countsPadding)
  }

  /// Extents given as (height, width); the stride is the kernel unless given.
  public init(
    _ kernel: (height: Int, width: Int), stride: (height: Int, width: Int)? = nil,
    padding: Padding = .valid, ceiling: Bool = false, countsPadding: Bool = true
  ) {
    self.window = Window(kernel: kernel, stride: stride ?? kernel, padding: padding)
    self.ceiling = ceiling
    self.countsPadding = countsPadding
  }

  public func callAsFunction(_ x: Value) throws(GraphError) -> Value {
    _ = try x.imageExtents(for: self)
    return try x.graph.add(
      AveragePool(window: window, ceiling: ceiling, countsPadding: countsPadding), x)
  }
}
