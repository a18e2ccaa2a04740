import VisionSystem
import VisionTensor

/// The byte arrays in which MNIST and similar datasets are distributed.
///
/// The format: two zero bytes, the element type (8 for unsigned bytes), the rank, each extent as a big-endian
/// 32-bit number, and the elements in row-major order.
package struct IDXArray: Sendable {
  /// The extents, outermost first; at least one.
  package let shape: [Int]
  /// The elements; their number is the product of the extents.
  package let elements: ByteRange

  /// The maximum number of dimensions.
  static let maximumRank = 4

  /// - Throws: `FormatError` for another element type, implausible extents, or a length that does not match
  ///   them.
  package init(_ file: ByteRange) throws(FormatError) {
    guard file.count >= 4 else { throw file.error(.truncated, "the file ends before its IDX header") }
    guard file[0] == 0, file[1] == 0, let type = file[2], let rank = file[3] else {
      throw file.error(.corrupt, "the file is no IDX array")
    }
    guard type == 8 else {
      throw file.error(.unsupported, "IDX elements of type \(type), not unsigned bytes", at: 2)
    }
    guard (1...Self.maximumRank).contains(Int(rank)) else {
      throw file.error(.unsupported, "an IDX array of \(rank) dimensions", at: 3)
    }
    var shape: [Int] = []
    var count = 1
    for axis in 0..<Int(rank) {
      let index = 4 + 4 * axis
      guard let bits = file.integer(index, as: UInt32.self) else {
        throw file.error(.truncated, "the file ends before its IDX header")
      }
      let extent = Int(bits.byteSwapped)
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= file.count else {
        throw file.error(
          .truncated, "the extents \(shape + [extent]) are more than the file holds", at: index)
      }
      shape.append(extent)
      count = product
    }
    let start = 4 + 4 * Int(rank)
    guard let elements = file.slice(start, count), file.count == start + count else {
      throw file.error(
        file.count < start + count ? .truncated : .corrupt,
        "\(file.count - start) bytes do not make an IDX array of \(shape)", at: start)
    }
    self.shape = shape
    self.elements = elements
  }
}
