import VisionTensor
import VisionGraph

/// The extents N, C, H, W of an image-like value.
typealias ImageExtents = (n: Int, c: Int, h: Int, w: Int)

extension Fact {
  /// The extents of an image-like value, or nil.
  var image: ImageExtents? {
    guard type == .float32, shape.rank == 4 else { return nil }
    return (shape[0], shape[1], shape[2], shape[3])
  }
}
