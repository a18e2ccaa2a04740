import VisionModel
import VisionSystem
import VisionTensor

/// Small images of one split with their classes, before they are written to files.
struct LabeledPixels {
  let width: Int
  let height: Int
  /// The gray pixels of all images in order, height × width bytes each.
  let pixels: ByteRange
  /// The class of each image, in 0..<classes.
  let labels: [Int]
  /// The number of each image in its source, from which its file is named.
  let numbers: [Int]

  /// From an array of images, n × height × width, and an array of labels, n.
  ///
  /// - Throws: `FormatError` when they do not match, or a label is not below `classes`.
  init(images: IDXArray, labels: IDXArray, classes: Int) throws(FormatError) {
    guard images.shape.count == 3, images.shape[1...].allSatisfy({ (1...1024).contains($0) }) else {
      throw images.elements.error(.corrupt, "an array of \(images.shape) is not one of images")
    }
    guard labels.shape == [images.shape[0]] else {
      throw labels.elements.error(
        .corrupt, "an array of \(labels.shape) is not one label for each of \(images.shape[0]) images")
    }
    (height, width) = (images.shape[1], images.shape[2])
    pixels = images.elements
    self.labels = labels.elements.array.map(Int.init)
    numbers = Array(self.labels.indices)
    if let index = self.labels.firstIndex(where: { $0 >= classes }) {
      throw labels.elements.error(
        .corrupt, "label \(self.labels[index]) of only \(classes) classes", at: index)
    }
  }

  /// From pixels that have already been read.
  init(width: Int, height: Int, pixels: [UInt8], labels: [Int], numbers: [Int]) {
    (self.width, self.height) = (width, height)
    self.pixels = ByteRange(pixels)
    (self.labels, self.numbers) = (labels, numbers)
  }
}
