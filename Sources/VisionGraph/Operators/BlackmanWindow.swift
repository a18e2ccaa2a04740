public import VisionTensor

/// Blackman's window. ONNX BlackmanWindow, opset 17; see `CosineWindow`.
public struct BlackmanWindow: CosineWindow {
  public static let name = "BlackmanWindow"
  public static let coefficients: (Double, Double, Double) = (0.42, 0.5, 0.08)
  public var isPeriodic: Bool
  public var type: ElementType

  public init(isPeriodic: Bool = true, type: ElementType = .float32) {
    self.isPeriodic = isPeriodic
    self.type = type
  }
}
