@testable import VisionModel
@testable import VisionStore

/// Sets of images as they are published, from bytes.
enum Datasets {
  /// As an array of any rank, and as images with a class each.
  static func idx(_ bytes: UnsafeRawBufferPointer) {
    guard let array = try? IDXArray(ByteRange(Array(bytes), file: "fuzz")) else { return }
    require(array.elements.count == array.shape.reduce(1, *), "as many elements as the extents say")
    let labels = try? IDXArray(ByteRange(labels(array.shape[0]), file: "fuzz"))
    guard array.shape[0] <= 1 << 16 else { return }
    guard let labels, let sample = try? LabeledPixels(images: array, labels: labels, classes: 3) else {
      require(array.shape.count != 3 || !array.shape[1...].allSatisfy { (1...1024).contains($0) })
      return
    }
    require(sample.pixels.count == sample.width * sample.height * sample.labels.count)
    require(sample.labels.allSatisfy { $0 < 3 })
    // The bytes as labels of as many images of one pixel.
    guard let images = try? IDXArray(ByteRange(images(array.shape[0]), file: "fuzz")) else { return }
    let own = try? LabeledPixels(images: images, labels: array, classes: 3)
    require(own == nil || array.shape.count == 1, "labels have one dimension")
  }

  static func gzip(_ bytes: UnsafeRawBufferPointer) {
    let limit = 1 << 20
    guard let plain = try? Gzip.unpack(ByteRange(Array(bytes), file: "fuzz"), limit: limit) else { return }
    require(plain.count <= limit, "no more than the limit")
    require(plain.count <= 1032 * bytes.count, "no more than deflate can pack")
  }

  private static func header(_ shape: [Int]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)]
      + shape.flatMap { extent in [24, 16, 8, 0].map { UInt8(extent >> $0 & 255) } }
  }

  private static func labels(_ count: Int) -> [UInt8] {
    header([count]) + (0..<min(count, 1 << 16)).map { UInt8($0 % 3) }
  }

  private static func images(_ count: Int) -> [UInt8] {
    header([count, 1, 1]) + [UInt8](repeating: 7, count: min(count, 1 << 16))
  }
}
