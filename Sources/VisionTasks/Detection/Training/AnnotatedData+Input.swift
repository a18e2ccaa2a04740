package import VisionData
import VisionSystem
import VisionTensor

extension AnnotatedData {
  /// The sides of square inputs to choose from.
  private static let sides = [320, 416, 512, 640]
  /// The stride of the coarsest level; sides of inputs are multiples of it.
  private static let stride = 32
  /// Objects smaller than this in the input, as the root of their area in pixels, are hardly found: they cover less
  /// than one and a half cells of the finest level, whose stride is 8.
  private static let smallObject = 12.0
  /// The part of the objects that may be that small.
  private static let toleratedShare = 0.05

  /// An input of about 416 × 416 pixels with the shape that most images have, or a larger one where many objects would
  /// be too small in it; of 320 × 320 for images that are no larger.
  package var detectorInput: ImageSize {
    let usual = longerSide <= 320 ? 320 : 416
    let sizes = Self.sides.filter { $0 >= usual }.map(size)
    // More pixels than the images have show nothing new.
    let largest = sizes.last { max($0.width, $0.height) <= longerSide } ?? sizes[0]
    let fitting = sizes.first { shareBelow(Self.smallObject, in: $0) <= Self.toleratedShare }
    guard let fitting, fitting.width <= largest.width else { return largest }
    return fitting
  }

  /// An input with about the pixels of a square, and the shape that nine in ten of the images have.
  private func size(_ side: Int) -> ImageSize {
    guard let shape = commonShape else { return ImageSize(side) }
    func length(_ exact: Double) -> Int {
      max(Int(saturating: (exact / Double(Self.stride)).rounded()), 1) * Self.stride
    }
    return ImageSize(
      width: length(Double(side) * shape.squareRoot()), height: length(Double(side) / shape.squareRoot()))
  }
}
