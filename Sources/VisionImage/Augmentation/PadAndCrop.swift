/// Moves the image by up to `padding` pixels each way, as if it had been padded and cut out again: what small images
/// get instead of a resized crop. What comes in is the image's mirror image, or the neutral color; always that color where
/// annotations lie at places of the image (`AugmentationCanvas.showsObjectsOnce`), for a mirrored border shows objects twice.
///
/// Source: He et al. 2015, "Deep residual learning", 4.2, there with padding 4 for 32 × 32 pixels.
public struct PadAndCrop: DescribableAugmentation, Hashable {
  public static let name = "padAndCrop"
  /// The padding in pixels, 0...1024.
  public var padding: Int
  /// Whether uncovered pixels show the mirrored image instead of the neutral color.
  public var isMirrored: Bool

  public init(padding: Int = 4, isMirrored: Bool = true) {
    (self.padding, self.isMirrored) = (padding, isMirrored)
  }

  public init(_ settings: AugmentationSettings) throws(ImageError) {
    try settings.check(only: "padding", "mirrored", of: Self.name)
    padding = try settings.integer("padding", 4, in: 0...1024)
    isMirrored = try settings.integer("mirrored", 1, in: 0...1) == 1
  }

  public var settings: AugmentationSettings {
    AugmentationSettings(["padding": Double(padding), "mirrored": isMirrored ? 1 : 0])
  }

  public func apply(to canvas: AugmentationCanvas, _ random: inout AugmentationRandom) {
    let x = random.integer(below: 2 * padding + 1) - padding
    let y = random.integer(below: 2 * padding + 1) - padding
    guard x != 0 || y != 0 else { return }
    guard isMirrored, !canvas.showsObjectsOnce else { return canvas.shift(x: -x, y: -y) }
    let (width, height) = (canvas.width, canvas.height)
    canvas.rewrite(moving: AffineMap(tx: -Double(x), ty: -Double(y))) { source, target in
      // The columns whose source is inside are copied at once.
      let inside = min(max(-x, 0), width)..<max(min(width - x, width), min(max(-x, 0), width))
      for row in 0..<height {
        let line = source + Self.mirrored(row + y, height) * width * 3
        let output = target + row * width * 3
        (output + inside.lowerBound * 3).update(
          from: line + (inside.lowerBound + x) * 3, count: inside.count * 3)
        for column in 0..<inside.lowerBound {
          Self.copy(line, Self.mirrored(column + x, width), output, column)
        }
        for column in inside.upperBound..<width {
          Self.copy(line, Self.mirrored(column + x, width), output, column)
        }
      }
    }
  }

  private static func copy(
    _ line: UnsafePointer<UInt8>, _ from: Int, _ output: UnsafeMutablePointer<UInt8>, _ to: Int
  ) {
    for channel in 0..<3 { output[to * 3 + channel] = line[from * 3 + channel] }
  }

  /// The position in 0..<count that `position` shows when the line is mirrored at its outermost pixels.
  static func mirrored(_ position: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let place = ((position % period) + period) % period
    return place < count ? place : period - place
  }
}
