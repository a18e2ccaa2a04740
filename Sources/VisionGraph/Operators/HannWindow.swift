public import VisionTensor

/// Hann's window. ONNX HannWindow, opset 17; see `CosineWindow`.
public struct HannWindow: CosineWindow {
  public static let name = "HannWindow"
  public static let coefficients: (Double, Double, Double) = (0.5, 0.5, 0)
  public var isPeriodic: Bool
  public var type: ElementType

  public init(isPeriodic: Bool = true, type: ElementType = .float32) {
    self.isPeriodic = isPeriodic
    self.type = type
  }
}
