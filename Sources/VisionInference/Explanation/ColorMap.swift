import VisionSystem
import VisionTensor

/// Colors for numbers from 0 to 1, perceptually uniform and of increasing lightness, so that they can be
/// distinguished in print and by color-blind readers.
enum ColorMap {
  /// Nine evenly spaced colors of Matplotlib's inferno (CC0), from black through violet and orange to pale
  /// yellow.
  private static let anchors: [(Float, Float, Float)] = [
    (0, 0, 4), (31, 12, 72), (85, 15, 109), (136, 34, 106), (186, 54, 85), (227, 89, 51), (249, 140, 10),
    (249, 201, 50), (252, 255, 164),
  ]

  /// Red, green and blue, 0...255.
  static func color(_ number: Float) -> (red: Float, green: Float, blue: Float) {
    let position = min(max(number, 0), 1) * Float(anchors.count - 1)
    let index = min(Int(saturating: position), anchors.count - 2)
    let part = position - Float(index)
    let (a, b) = (anchors[index], anchors[index + 1])
    return (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part, a.2 + (b.2 - a.2) * part)
  }
}
