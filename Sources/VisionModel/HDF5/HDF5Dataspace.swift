import VisionSystem
import VisionTensor

/// The shape of an HDF5 attribute or data set.
struct HDF5Dataspace {
  /// The extents; none for one element.
  let dimensions: [Int]

  init(_ bytes: ByteRange) throws(FormatError) {
    var cursor = HDF5Cursor(bytes)
    let version = try cursor.byte()
    guard version == 1 || version == 2 else {
      throw bytes.error(.unsupported, "version \(version) of a shape is not supported")
    }
    let rank = try cursor.byte()
    guard rank <= TensorLimits.rank else { throw bytes.error(.tooLarge, "a shape has \(rank) axes") }
    _ = try cursor.byte()
    if version == 1 {
      try cursor.skip(5)
    } else if try cursor.byte() == 2 {
      // No elements at all.
      dimensions = [0]
      return
    }
    var dimensions: [Int] = []
    for _ in 0..<rank { dimensions.append(try cursor.length()) }
    self.dimensions = dimensions
  }

  /// The number of elements; nil when it is more than can be counted.
  var count: Int? {
    var count = 1
    for extent in dimensions {
      let (next, overflow) = count.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      count = next
    }
    return count
  }
}
