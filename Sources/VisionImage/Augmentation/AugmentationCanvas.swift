import CImageCodecs
import VisionSystem
import VisionTensor

/// The image that augmentations change, at the network's size, and the memory that this takes.
///
/// Kept from one image to the next; images of one size after the first allocate nothing. One thread at a time may
/// use it.
public final class AugmentationCanvas {
  /// W, pixels in a row.
  public private(set) var width = 0
  /// H, the number of rows.
  public private(set) var height = 0
  /// The color that is nearest to 0 once it is normalized: what becomes of places that no pixel reaches.
  public private(set) var fill = RGBColor.black

  let scratch = PreprocessingScratch()
  /// 3 × 256 bytes for the changes that look each value up.
  let tables = UnsafeMutablePointer<UInt8>.allocate(capacity: 768)
  let counts = UnsafeMutablePointer<UInt32>.allocate(capacity: 768)
  private var front: PixelStorage?
  private var back: PixelStorage?
  private var source: Image?
  private var preprocessing: Preprocessing?

  public init() {}

  deinit {
    tables.deallocate()
    counts.deallocate()
  }

  /// The H×W×3 bytes; empty before the image is fitted.
  public var pixels: UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(start: front?.base, count: front == nil ? 0 : width * height * 3)
  }

  /// Makes the image anew: `body` writes all of the target, H×W×3 bytes each.
  public func rewrite(
    _ body: (_ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>) -> Void
  ) {
    guard let front, let back else { return }
    body(UnsafePointer(front.base), back.base)
    (self.front, self.back) = (back, front)
  }

  /// Takes a part of the image, resized to the network's size by the preprocessing's filter.
  ///
  /// Throws `invalidArgument` when the part is empty or not inside, and `outOfMemory`.
  public func frame(x: Int, y: Int, width w: Int, height h: Int) throws(ImageError) {
    let (sourceWidth, sourceHeight) = extent
    guard let preprocessing, let front, let back, w > 0, h > 0, x >= 0, y >= 0, w <= sourceWidth,
      h <= sourceHeight, x <= sourceWidth - w, y <= sourceHeight - h
    else {
      throw ImageError(.invalidArgument, "a part of \(w)×\(h) at (\(x), \(y)) is not inside the image")
    }
    let view =
      source?.view
      ?? PixelView(base: UnsafePointer(front.base), width: width, height: height, pitch: width * 3)
    defer { withExtendedLifetime(source) {} }
    try scratch.resizer.resize(
      view.cropped(x: x, y: y, width: w, height: h), to: .init(width: width, height: height),
      filter: preprocessing.filter, output: back.base, pitch: width * 3)
    (self.front, self.back) = (back, front)
    source = nil
  }

  /// The size of what `frame` takes a part of: the whole image, or once that is fitted W and H.
  public var extent: (width: Int, height: Int) {
    source.map { ($0.width, $0.height) } ?? (width, height)
  }

  /// Takes up an image, to be fitted by the preprocessing unless an augmentation chooses the part before.
  func load(_ image: Image, _ preprocessing: Preprocessing) throws(ImageError) {
    if self.preprocessing != preprocessing {
      self.preprocessing = preprocessing
      fill = preprocessing.neutralColor
    }
    if width != preprocessing.width || height != preprocessing.height || front == nil || back == nil {
      (width, height) = (preprocessing.width, preprocessing.height)
      front = try PixelStorage(byteCount: width * height * 3)
      back = try PixelStorage(byteCount: width * height * 3)
    }
    source = image
  }

  /// Fits the image as the preprocessing says, unless it is already.
  func fit() throws(ImageError) {
    guard let image = source, let preprocessing, let front else { return }
    source = nil
    try preprocessing.fill(front.base, from: image, scratch)
  }
}

extension Preprocessing {
  /// The 8-bit color whose normalized values are nearest to 0.
  var neutralColor: RGBColor {
    let levels = zip(mean, scale).map { mean, scale in
      let level = scale == 0 ? 0 : mean / scale
      return UInt8(saturating: min(max(level.rounded(), 0), 255))
    }
    return switch channels {
    case .rgb: RGBColor(red: levels[0], green: levels[1], blue: levels[2])
    case .bgr: RGBColor(red: levels[2], green: levels[1], blue: levels[0])
    case .gray: RGBColor(red: levels[0], green: levels[0], blue: levels[0])
    }
  }
}
