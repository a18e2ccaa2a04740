import VisionSystem
import VisionTensor

/// An upright image: 8-bit RGB, rows from top to bottom, three bytes per pixel (H×W×3).
///
/// Copies share the pixels.
public struct Image: Sendable {
  /// Pixels in a row, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// How the file is damaged, if it was read only because of `ImageOptions.allowsTruncated`; nil for an
  /// intact file, and for images made from others.
  public let damage: String?
  /// A problem in the file that does not affect the pixels, such as extra bytes before a marker or a missing
  /// end mark; nil for a correct file, and for images made from others. `ImageOptions.isStrict` makes it an
  /// error.
  public let warning: String?
  /// Pixels in a row of the image in the file. It is larger than `width` if this image was read at a smaller
  /// size, for a preprocessing with scaled decoding.
  public let wholeWidth: Int
  /// Rows of the image in the file; see `wholeWidth`.
  public let wholeHeight: Int
  /// How the pixels correspond to those of the whole image.
  let reduction: Reduction
  let storage: PixelStorage

  init(
    width: Int, height: Int, storage: PixelStorage, damage: String? = nil, warning: String? = nil,
    whole: (width: Int, height: Int)? = nil, reduction: Reduction = .none
  ) {
    self.width = width
    self.height = height
    self.damage = damage
    self.warning = warning
    (wholeWidth, wholeHeight) = whole ?? (width, height)
    self.reduction = reduction
    self.storage = storage
  }

  /// An image of the given size. `fill` must write all pixels, H×W×3 bytes, which are uninitialized before.
  ///
  /// Throws `invalidArgument` for a side below 1 and `outOfMemory`.
  public init(
    width: Int, height: Int, initializingWith fill: (UnsafeMutableBufferPointer<UInt8>) -> Void
  ) throws(ImageError) {
    guard width > 0, height > 0, let bytes = Shape([height, width, 3]).checkedElementCount else {
      throw ImageError(.invalidArgument, "an image cannot be \(width)×\(height)")
    }
    self.init(width: width, height: height, storage: try PixelStorage(byteCount: bytes))
    fill(UnsafeMutableBufferPointer(start: storage.base, count: bytes))
  }

  /// An image with the given pixels: H×W×3 bytes, RGB.
  ///
  /// Throws `invalidArgument` when the number of bytes is not width × height × 3.
  public init(width: Int, height: Int, pixels: [UInt8]) throws(ImageError) {
    guard width > 0, height > 0, pixels.count == Shape([height, width, 3]).checkedElementCount else {
      throw ImageError(
        .invalidArgument, "\(pixels.count) bytes do not make an image of \(width)×\(height) RGB pixels")
    }
    try self.init(width: width, height: height) { target in _ = target.update(fromContentsOf: pixels) }
  }

  /// Calls `body` with the H×W×3 bytes.
  public func withUnsafePixels<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(start: storage.base, count: storage.byteCount))
  }

  /// A copy of the H×W×3 bytes.
  public var pixels: [UInt8] { withUnsafePixels { [UInt8]($0) } }

  /// The part of the image with the given size whose upper left pixel is in column `x` and row `y`.
  ///
  /// Throws `invalidArgument` when it is empty or not inside the image.
  public func cropped(x: Int, y: Int, width: Int, height: Int) throws(ImageError) -> Image {
    guard width > 0, height > 0, x >= 0, y >= 0, width <= self.width, height <= self.height,
      x <= self.width - width, y <= self.height - height
    else {
      throw ImageError(
        .invalidArgument,
        "a part of \(width)×\(height) at (\(x), \(y)) is not inside an image of \(self.width)×\(self.height)"
      )
    }
    return try Image(width: width, height: height) { target in
      guard let base = target.baseAddress else { return }
      for row in 0..<height {
        (base + row * width * 3).update(
          from: storage.base + ((y + row) * self.width + x) * 3, count: width * 3)
      }
    }
  }
}

extension Image: Hashable {
  public static func == (a: Image, b: Image) -> Bool {
    a.width == b.width && a.height == b.height
      && a.withUnsafePixels { x in b.withUnsafePixels { y in x.elementsEqual(y) } }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(width)
    hasher.combine(height)
    withUnsafePixels {
      hasher.combine(bytes: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: $0.prefix(256))))
    }
  }
}

extension Image: CustomStringConvertible {
  /// For example `640×480 RGB`.
  public var description: String { "\(width)×\(height) RGB" }
}
