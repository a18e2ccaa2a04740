import VisionSystem
import VisionTensor

extension Image {
  /// The part of the image that a region touches, to whole pixels and inside the image, at least one pixel.
  ///
  /// Throws `invalidArgument` for a region with numbers that are none, and `outOfMemory`.
  package func cropped(to region: PixelRegion) throws(ImageError) -> Image {
    guard region.isFinite else { throw ImageError(.invalidArgument, "a region without a place: \(region)") }
    func pixels(_ start: Double, _ end: Double, _ side: Int) -> Range<Int> {
      let first = min(max(Int(saturating: start.rounded(.down)), 0), side - 1)
      return first..<min(max(Int(saturating: end.rounded(.up)), first + 1), side)
    }
    let columns = pixels(region.x, region.right, width)
    let rows = pixels(region.y, region.bottom, height)
    return try cropped(
      x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
  }
}
