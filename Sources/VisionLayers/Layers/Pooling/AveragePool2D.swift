public import VisionGraph
import VisionSystem
import VisionTensor

/// The mean of every window: N×C×H×W → N×C×H′×W′.
public struct AveragePool2D: Layer {
  /// The geometry of the window.
  public let window: Window
  /// Whether a last window that lies partly outside the input is included.
  public let ceiling: Bool
  /// Whether the zeros of the padding count, as they do in PyTorch by default.
  public let countsPadding: Bool

  /// A square window; the stride defaults to the kernel.
  public init(
    _ kernel: Int, stride: Int? = nil, padding: Padding = .valid, ceiling: Bool = false,
    countsPadding: Bool = true
  ) {
    let stride = stride ?? kernel
    self.init(
      (kernel, kernel), stride: (stride, stride), padding: padding, ceiling: ceiling,
      countsPadding: countsPadding)
  }

  /// Extents are given as (height, width); the stride defaults to the kernel.
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
