import VisionGraph
import VisionSystem
import VisionTensor

/// How a convolution or pooling layer pads the borders of its input. An integer literal is that many on every side.
public enum Padding: Sendable, Hashable, ExpressibleByIntegerLiteral {
  /// ⌊(extent − 1) / 2⌋ on every side, extent being (kernel − 1) · dilation + 1; the default of convolutions.
  ///
  /// What PyTorch networks write as `padding=kernel // 2` for odd kernels: keeps the size at stride 1.
  case half
  /// None: every window lies inside the input.
  case valid
  /// As much as makes output = ⌈input / stride⌉, the odd element at the bottom and right: TensorFlow's `SAME`.
  case sameUpper
  /// So many elements above and below, and left and right; not negative.
  case symmetric(vertical: Int, horizontal: Int)
  /// So many elements on each side; not negative.
  case explicit(top: Int, left: Int, bottom: Int, right: Int)

  public init(integerLiteral value: Int) { self = .symmetric(vertical: value, horizontal: value) }
}

extension Window {
  /// The window of a layer on images: extents as (height, width).
  init(
    kernel: (height: Int, width: Int), stride: (height: Int, width: Int), padding: VisionLayers.Padding,
    dilation: (height: Int, width: Int) = (1, 1)
  ) {
    self.init(
      kernel: [kernel.height, kernel.width], strides: [stride.height, stride.width],
      dilations: [dilation.height, dilation.width])
    switch padding {
    case .valid: break
    case .sameUpper: self.padding = .sameUpper
    case .symmetric(let vertical, let horizontal):
      self.padding = .explicit([vertical, horizontal, vertical, horizontal])
    case .explicit(let top, let left, let bottom, let right):
      self.padding = .explicit([top, left, bottom, right])
    case .half:
      let sides = zip(self.kernel, dilations).map { kernel, dilation in
        // Kernels and dilations that are no sizes are refused by the operator's shape rule.
        let (span, overflow) = (kernel &- 1).multipliedReportingOverflow(by: dilation)
        return overflow || span < 0 ? 0 : span / 2
      }
      self.padding = .explicit(sides + sides)
    }
  }
}
