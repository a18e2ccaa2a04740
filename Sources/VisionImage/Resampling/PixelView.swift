/// RGB rows in borrowed memory, `pitch` bytes from row to row.
struct PixelView {
  var base: UnsafePointer<UInt8>
  var width: Int
  var height: Int
  var pitch: Int

  /// The part that begins at column `x` and row `y`, which must be inside.
  func cropped(x: Int, y: Int, width: Int, height: Int) -> PixelView {
    PixelView(base: base + y * pitch + x * 3, width: width, height: height, pitch: pitch)
  }
}
