import CImageCodecs
import VisionSystem
import VisionTensor

/// The image that augmentations change, at the network's size, with the memory for it.
///
/// Keep a canvas for many images: after the first image of a size, further ones allocate nothing. Only one
/// thread at a time may use it.
public final class AugmentationCanvas {
  /// W, pixels in a row.
  public private(set) var width = 0
  /// H, the number of rows.
  public private(set) var height = 0
  /// The color of uncovered pixels: the one whose normalized values are nearest to 0.
  public private(set) var fill = RGBColor.black

  /// Whether nothing may be shown twice, because annotations lie at places of the image: borders are then filled, never mirrored.
  public let showsObjectsOnce: Bool
  /// Where the pixels of the image that was taken up lie by now: every change that moves pixels records its map here.
  public private(set) var geometry = InputGeometry(map: .identity, source: (0, 0), input: (0, 0))

  let scratch = PreprocessingScratch()
  /// 3 × 256 bytes for changes by table lookup.
  let tables = UnsafeMutablePointer<UInt8>.allocate(capacity: 768)
  let counts = UnsafeMutablePointer<UInt32>.allocate(capacity: 768)
  private var front: PixelStorage?
  private var back: PixelStorage?
  private var source: Image?
  private var preprocessing: Preprocessing?

  public init(showsObjectsOnce: Bool = false) { self.showsObjectsOnce = showsObjectsOnce }

  deinit {
    tables.deallocate()
    counts.deallocate()
  }

  /// The H×W×3 bytes; empty before the first image is loaded.
  public var pixels: UnsafeMutableBufferPointer<UInt8> {
    UnsafeMutableBufferPointer(start: front?.base, count: front == nil ? 0 : width * height * 3)
  }

  /// Makes the image anew: `body` writes all of the target, H×W×3 bytes each.
  ///
  /// - Parameter map: where pixels of the source come to lie in the target.
  public func rewrite(
    moving map: AffineMap = .identity,
    _ body: (_ source: UnsafePointer<UInt8>, _ target: UnsafeMutablePointer<UInt8>) -> Void
  ) {
    guard let front, let back else { return }
    body(UnsafePointer(front.base), back.base)
    (self.front, self.back) = (back, front)
    moved(by: map)
  }

  func moved(by map: AffineMap) { geometry.map = geometry.map.then(map) }

  /// Takes a part of the image, resized to the network's size by the preprocessing's filter.
  ///
  /// Throws `invalidArgument` if the part is empty or not inside the image, and `outOfMemory`.
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
    if let source { moved(by: source.reduction.map) }
    moved(by: AffineMap(tx: -Double(x), ty: -Double(y)))
    moved(by: AffineMap(a: Double(width) / Double(w), d: Double(height) / Double(h)))
    source = nil
  }

  /// The size of the image from which `frame` takes a part: the whole image, or W × H once it is fitted.
  public var extent: (width: Int, height: Int) {
    source.map { ($0.width, $0.height) } ?? (width, height)
  }

  /// The filter of the preprocessing; nil before the first image.
  var filter: ResamplingFilter? { preprocessing?.filter }

  /// Begins an image that is put together by `draw`: all pixels are uncovered, and have the color that the preprocessing
  /// puts around images, or else `fill`.
  package func compose(for preprocessing: Preprocessing) throws(ImageError) {
    try prepare(preprocessing)
    source = nil
    geometry = InputGeometry(map: .identity, source: (width, height), input: (width, height))
    var color = fill
    if case .letterbox(let around, _, _) = preprocessing.fit { color = around }
    guard let base = front?.base else { return }
    for pixel in 0..<width * height {
      base[pixel * 3] = color.red
      base[pixel * 3 + 1] = color.green
      base[pixel * 3 + 2] = color.blue
    }
  }

  private func prepare(_ preprocessing: Preprocessing) throws(ImageError) {
    if self.preprocessing != preprocessing {
      self.preprocessing = preprocessing
      fill = preprocessing.neutralColor
    }
    if width != preprocessing.width || height != preprocessing.height || front == nil || back == nil {
      (width, height) = (preprocessing.width, preprocessing.height)
      front = try PixelStorage(byteCount: width * height * 3)
      back = try PixelStorage(byteCount: width * height * 3)
    }
  }

  /// Loads an image. The preprocessing will fit it, unless an augmentation chooses a part first.
  func load(_ image: Image, _ preprocessing: Preprocessing) throws(ImageError) {
    try prepare(preprocessing)
    source = image
    geometry = InputGeometry(
      map: .identity, source: (image.wholeWidth, image.wholeHeight), input: (width, height))
  }

  /// Fits the image with the preprocessing, unless it is fitted already.
  func fit() throws(ImageError) {
    guard let image = source, let preprocessing, let front else { return }
    source = nil
    geometry = try preprocessing.fill(front.base, from: image, scratch)
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
