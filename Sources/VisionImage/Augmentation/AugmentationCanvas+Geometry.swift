import CImageCodecs
import VisionSystem
import VisionTensor

extension AugmentationCanvas {
  /// Mirrors the image left to right.
  public func flipHorizontally() {
    guard let base = pixels.baseAddress else { return }
    vn_flip_columns(base, Int32(width), Int32(height))
    moved(by: AffineMap(a: -1, tx: Double(width)))
  }

  /// Mirrors the image top to bottom.
  public func flipVertically() {
    guard let base = pixels.baseAddress else { return }
    vn_flip_rows(base, Int32(width), Int32(height))
    moved(by: AffineMap(d: -1, ty: Double(height)))
  }

  /// Moves the image by whole pixels to the right and down; uncovered pixels become `fill`.
  public func shift(x: Int, y: Int) {
    transform(SIMD8(1, 0, -Double(x), 0, 1, -Double(y), 0, 0), isSmooth: false)
  }

  /// Rotates the image counterclockwise about its center, in degrees, like Pillow's `rotate`; uncovered
  /// pixels become `fill`.
  public func rotate(degrees: Double, isSmooth: Bool = true) {
    let angle = -degrees * .pi / 180
    // Rounded so that right angles are exact.
    let (c, s) = ((cos(angle) * 1e15).rounded() / 1e15, (sin(angle) * 1e15).rounded() / 1e15)
    let (x, y) = (Double(width) / 2, Double(height) / 2)
    transform(SIMD8(c, s, c * -x + s * -y + x, -s, c, -s * -x + c * -y + y, 0, 0), isSmooth: isSmooth)
  }

  /// Reads each pixel (x, y) at (m₀x + m₁y + m₂, m₃x + m₄y + m₅), like Pillow's `transform`, nearest or
  /// bilinear. Pixel centers are at half-integers; pixels from outside become `fill`.
  ///
  /// Precondition: six numbers, finite and below 2²⁰, that do not flatten the image (m₀m₄ ≠ m₁m₃).
  public func transform(_ m: [Double], isSmooth: Bool = true) {
    precondition(
      m.count == 6 && m.allSatisfy { abs($0) < 0x1p20 } && m[0] * m[4] != m[1] * m[3],
      "not an affine map: \(m)")
    transform(SIMD8(m[0], m[1], m[2], m[3], m[4], m[5], 0, 0), isSmooth: isSmooth)
  }

  /// The same without an allocation.
  func transform(_ m: SIMD8<Double>, isSmooth: Bool) {
    let color = SIMD4(fill.red, fill.green, fill.blue, 0)
    // `m` leads from the new image to the old one.
    let map = AffineMap(a: m[0], b: m[1], tx: m[2], c: m[3], d: m[4], ty: m[5]).inverse
    rewrite(moving: map) { source, target in
      withUnsafeBytes(of: m) { m in
        withUnsafeBytes(of: color) { color in
          vn_affine(
            source, target, Int32(width), Int32(height), m.assumingMemoryBound(to: Double.self).baseAddress,
            isSmooth ? 1 : 0, color.assumingMemoryBound(to: UInt8.self).baseAddress)
        }
      }
    }
  }

  /// Paints a rectangle, clipped to the image.
  public func paint(x: Int, y: Int, width w: Int, height h: Int, _ color: RGBColor) {
    guard let base = pixels.baseAddress else { return }
    for row in max(y, 0)..<max(0, min(y + h, height), y) {
      for column in max(x, 0)..<max(0, min(x + w, width), x) {
        let pixel = base + (row * width + column) * 3
        (pixel[0], pixel[1], pixel[2]) = (color.red, color.green, color.blue)
      }
    }
  }
}
