import VisionSystem
import VisionTensor

/// The fourteen operations that RandAugment and TrivialAugment choose from.
enum ImageOperation: Int, CaseIterable {
  case identity, shearX, shearY, translateX, translateY, rotate, brightness, color, contrast, sharpness,
    posterize,
    solarize, autoContrast, equalize

  /// A random operation; all are equally likely.
  static func drawn(_ random: inout AugmentationRandom) -> ImageOperation {
    ImageOperation(rawValue: random.integer(below: equalize.rawValue + 1)) ?? .identity
  }

  /// Whether the magnitude gets a random sign.
  var isSigned: Bool {
    switch self {
    case .identity, .posterize, .solarize, .autoContrast, .equalize: false
    default: true
    }
  }

  /// The magnitude at `level` of 31 levels, 0...30, from 0 to `end`; in single precision, as in torchvision.
  static func step(to end: Double, _ level: Int) -> Double {
    let (end, step) = (Float(end), Float(end) / 30)
    return Double(level < 15 ? step * Float(level) : end - step * Float(30 - level))
  }

  /// Applies the operation. The magnitude is a slope for shears, a number of pixels for translations, degrees
  /// for rotations, the difference of the factor from 1 for colors, bits for `posterize`, and a threshold for
  /// `solarize`.
  func apply(to canvas: AugmentationCanvas, magnitude: Double, isSmooth: Bool) {
    switch self {
    case .identity: break
    case .shearX: canvas.transform(SIMD8(1, magnitude, 0, 0, 1, 0, 0, 0), isSmooth: isSmooth)
    case .shearY: canvas.transform(SIMD8(1, 0, 0, magnitude, 1, 0, 0, 0), isSmooth: isSmooth)
    case .translateX: canvas.shift(x: Int(saturating: magnitude), y: 0)
    case .translateY: canvas.shift(x: 0, y: Int(saturating: magnitude))
    case .rotate: canvas.rotate(degrees: magnitude, isSmooth: isSmooth)
    case .brightness: canvas.adjustBrightness(1 + magnitude)
    case .color: canvas.adjustSaturation(1 + magnitude)
    case .contrast: canvas.adjustContrast(1 + magnitude)
    case .sharpness: canvas.adjustSharpness(1 + magnitude)
    case .posterize: canvas.posterize(bits: Int(saturating: magnitude))
    case .solarize: canvas.solarize(threshold: magnitude)
    case .autoContrast: canvas.stretchContrast()
    case .equalize: canvas.equalize()
    }
  }
}
