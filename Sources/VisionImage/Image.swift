import VisionSystem
import VisionTensor

/// An image: 8-bit RGB, rows from top to bottom, three bytes a pixel (H×W×3), upright.
///
/// Copying shares the pixels.
public struct Image: Sendable {
  /// Pixels in a row, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// What was wrong with the file, when `ImageOptions.allowsTruncated` let a damaged one pass; nil for a whole image,
  /// and for images made from others.
  public let damage: String?
  /// What is not as it should be with the file although every pixel is there, such as bytes before a marker or a missing
  /// end mark; nil for a sound one, and for images made from others. `ImageOptions.isStrict` makes it an error.
  public let warning: String?
  /// Pixels in a row of the whole image, of which this one is a smaller version when it was read for a preprocessing
  /// with scaled decoding; else `width`.
  public let wholeWidth: Int
  /// The rows of the whole image; else `height`.
  public let wholeHeight: Int
  /// Where the whole image's pixels are.
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

  /// An image of the given size whose pixels, unset at first, `fill` writes: H×W×3 bytes.
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

  /// An image of given pixels: H×W×3 bytes, RGB.
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

  /// The part of the image from column `x` and row `y` on.
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
