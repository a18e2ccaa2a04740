import VisionGraph
import VisionSystem
import VisionTensor

/// How a convolution or pooling layer pads its input. An integer literal means that many elements on every
/// side.
public enum Padding: Sendable, Hashable, ExpressibleByIntegerLiteral {
  /// ⌊(extent − 1) / 2⌋ on every side, where extent is (kernel − 1) · dilation + 1; the default of
  /// convolutions.
  ///
  /// PyTorch networks write this as `padding=kernel // 2` for odd kernels; it keeps the size at stride 1.
  case half
  /// No padding: every window lies inside the input.
  case valid
  /// The total that makes output = ⌈input / stride⌉, with an odd element at the bottom and right:
  /// TensorFlow's `SAME`.
  case sameUpper
  /// The elements above and below, and to the left and right; not negative.
  case symmetric(vertical: Int, horizontal: Int)
  /// The elements on each side; not negative.
  case explicit(top: Int, left: Int, bottom: Int, right: Int)

  public init(integerLiteral value: Int) { self = .symmetric(vertical: value, horizontal: value) }
}

extension Window {
  /// The window of an image layer; extents are given as (height, width).
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
        // Kernels and dilations that are not positive are rejected by the operator's shape rule.
        let (span, overflow) = (kernel &- 1).multipliedReportingOverflow(by: dilation)
        return overflow || span < 0 ? 0 : span / 2
      }
      self.padding = .explicit(sides + sides)
    }
  }
}
