/// RGB rows in memory that somebody else keeps: `pitch` bytes from one row to the next.
struct PixelView {
  var base: UnsafePointer<UInt8>
  var width: Int
  var height: Int
  var pitch: Int

  /// The part from column `x` and row `y` on, which must be inside.
  func cropped(x: Int, y: Int, width: Int, height: Int) -> PixelView {
    PixelView(base: base + y * pitch + x * 3, width: width, height: height, pitch: pitch)
  }
}
