public import VisionTensor

/// Hamming's window. ONNX HammingWindow, opset 17; see `CosineWindow`.
public struct HammingWindow: CosineWindow {
  public static let name = "HammingWindow"
  public static let coefficients: (Double, Double, Double) = (25.0 / 46, 21.0 / 46, 0)
  public var isPeriodic: Bool
  public var type: ElementType

  public init(isPeriodic: Bool = true, type: ElementType = .float32) {
    self.isPeriodic = isPeriodic
    self.type = type
  }
}
