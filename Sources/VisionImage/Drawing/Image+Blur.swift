import VisionSystem
import VisionTensor

extension Image {
  /// The image with what lies in the regions made unrecognizable: in an ellipse around each, which covers 1.3 times its sides, only
  /// 6×6 means of colors remain, with soft transitions. Nothing finer can be recovered from the pixels.
  ///
  /// Throws `outOfMemory`.
  package func blurred(_ regions: [PixelRegion]) throws(ImageError) -> Image {
    let canvas = try ImageCanvas(self)
    for region in regions where region.isFinite && region.width > 0 && region.height > 0 {
      let ellipse = region.scaled(1.3)
      let columns = Self.pixels(ellipse.x, ellipse.right, width)
      let rows = Self.pixels(ellipse.y, ellipse.bottom, height)
      guard !columns.isEmpty, !rows.isEmpty else { continue }
      let part = try cropped(
        x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
      let coarse = try part.resized(width: min(columns.count, 6), height: min(rows.count, 6), filter: .box)
      let soft = try coarse.resized(width: columns.count, height: rows.count, filter: .bilinear)
      canvas.put(soft, x: columns.lowerBound, y: rows.lowerBound, inEllipse: ellipse)
    }
    return canvas.finish()
  }

  /// The pixels that an interval touches.
  private static func pixels(_ start: Double, _ end: Double, _ side: Int) -> Range<Int> {
    let first = min(max(Int(saturating: start.rounded(.down)), 0), side)
    return first..<min(max(Int(saturating: end.rounded(.up)), first), side)
  }
}

extension PixelRegion {
  /// Whether a position is in the ellipse that touches the region's sides.
  func ellipseContains(x px: Double, y py: Double) -> Bool {
    let (dx, dy) = ((px - x) / width * 2 - 1, (py - y) / height * 2 - 1)
    return dx * dx + dy * dy <= 1
  }
}
