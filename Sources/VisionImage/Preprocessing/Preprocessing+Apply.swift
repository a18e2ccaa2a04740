import CImageCodecs
import VisionSystem
public import VisionTensor

extension Preprocessing {
  /// The order of the numbers in a network's input.
  public enum Layout: String, Sendable, Hashable, CaseIterable {
    /// One plane per channel.
    case nchw
    /// The channels of each pixel side by side.
    case nhwc
  }

  /// C × H × W, the number of elements of one input.
  public var elementCount: Int { channels.count * width * height }

  /// The network's input for an image: float32, 1×C×H×W.
  ///
  /// Throws `outOfMemory`, and `tooLarge` for images with a side above 2²⁰.
  public func apply(to image: Image) throws(ImageError) -> Tensor {
    var failure: ImageError?
    let tensor = Tensor(elementType: .float32, shape: [1, channels.count, height, width]) { bytes in
      do throws(ImageError) {
        try write(
          image, into: bytes.bindMemory(to: Float.self), layout: .nchw, scratch: PreprocessingScratch())
      } catch { failure = error }
    }
    if let failure { throw failure }
    return tensor
  }

  /// Writes the network's input for an image: C×H×W or H×W×C numbers.
  ///
  /// With a scratch that has seen images of this size, nothing is allocated. Throws `invalidArgument` when
  /// the buffer does not hold exactly `elementCount` numbers, and as `apply(to:)`.
  ///
  /// - Returns: where the image's pixels have come to lie.
  @discardableResult public func write(
    _ image: Image, into output: UnsafeMutableBufferPointer<Float>, layout: Layout,
    scratch: PreprocessingScratch
  ) throws(ImageError) -> InputGeometry {
    guard output.count == elementCount, let target = output.baseAddress else {
      throw ImageError(
        .invalidArgument, "a buffer of \(output.count) numbers for an input of \(elementCount)")
    }
    if filter == .bilinearCorner, fit == .squash, image.reduction.part == 1 {
      return interpolate(image, target, layout)
    }
    let pixels = try scratch.imageMemory(width * height * 3)
    let geometry = try fill(pixels, from: image, scratch)
    scratch.prepareTables(self)
    scratch.tables.withUnsafeBufferPointer { tables in
      guard let tables = tables.baseAddress else { return }
      normalize(pixels, tables, target, layout)
    }
    return geometry
  }

  /// The image that the network sees, before normalization: W×H in RGB; for gray input, shades of gray.
  public func image(of image: Image) throws(ImageError) -> Image {
    let storage = try PixelStorage(byteCount: width * height * 3)
    try fill(storage.base, from: image, PreprocessingScratch())
    if channels == .gray { Self.makeGray(storage.base, width * height) }
    return Image(width: width, height: height, storage: storage)
  }

  /// Replaces each pixel by its luma.
  static func makeGray(_ base: UnsafeMutablePointer<UInt8>, _ pixels: Int) {
    for pixel in 0..<pixels {
      (base + pixel * 3).update(repeating: luma(base + pixel * 3), count: 3)
    }
  }

  /// Writes the network's image, W×H×3 bytes, and returns where the image's pixels have come to lie.
  @discardableResult func fill(
    _ output: UnsafeMutablePointer<UInt8>, from image: Image, _ scratch: PreprocessingScratch
  ) throws(ImageError) -> InputGeometry {
    defer { withExtendedLifetime(image.storage) {} }
    let geometry = geometry(width: image.wholeWidth, height: image.wholeHeight)
    let place = placement(width: image.wholeWidth, height: image.wholeHeight)
    if case .letterbox(let color, _, _) = fit, place.target.width < width || place.target.height < height {
      for pixel in 0..<width * height {
        output[pixel * 3] = color.red
        output[pixel * 3 + 1] = color.green
        output[pixel * 3 + 2] = color.blue
      }
    }
    let target = output + (place.y * width + place.x) * 3
    let (crop, reduction) = (place.crop, image.reduction)
    guard reduction.part > 1 else {
      try scratch.resizer.resize(
        image.view.cropped(x: crop.x, y: crop.y, width: crop.width, height: crop.height), to: place.target,
        filter: filter, output: target, pitch: width * 3)
      return geometry
    }
    let columns = Resizer.Stretch(crop.x + reduction.missing.x, crop.width, reduction.part)
    let rows = Resizer.Stretch(crop.y + reduction.missing.y, crop.height, reduction.part)
    try scratch.resizer.resize(
      image.view.cropped(
        x: columns.pixels.lowerBound, y: rows.pixels.lowerBound, width: columns.pixels.count,
        height: rows.pixels.count), columns, rows, to: place.target, filter: filter, output: target,
      pitch: width * 3)
    return geometry
  }

  private static func luma(_ pixel: UnsafePointer<UInt8>) -> UInt8 {
    let sum = UInt32(pixel[0]) * 19595 + UInt32(pixel[1]) * 38470 + UInt32(pixel[2]) * 7471
    return UInt8(truncatingIfNeeded: (sum + 0x8000) >> 16)
  }

  /// Converts the fitted image to normalized numbers.
  func normalize(
    _ image: UnsafePointer<UInt8>, _ tables: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
    _ layout: Layout
  ) {
    let pixels = width * height
    if channels == .gray {
      for pixel in 0..<pixels { output[pixel] = tables[Int(Self.luma(image + pixel * 3))] }
      return
    }
    if layout == .nchw {
      vn_planes(image, pixels, tables, channels == .bgr ? 1 : 0, output)
      return
    }
    let (first, last) = channels == .rgb ? (0, 2) : (2, 0)
    let (tables1, tables2) = (tables + 256, tables + 512)
    for pixel in 0..<pixels {
      let source = image + pixel * 3
      let target = output + pixel * 3
      target[0] = tables[Int(source[first])]
      target[1] = tables1[Int(source[1])]
      target[2] = tables2[Int(source[last])]
    }
  }
}
