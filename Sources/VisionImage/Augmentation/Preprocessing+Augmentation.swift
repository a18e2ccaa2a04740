import CImageCodecs

extension Preprocessing {
  /// Writes the network's input for an image changed by `policy`: C×H×W numbers.
  ///
  /// If the canvas was used for images of this size before, nothing is allocated. Throws the errors of
  /// `write(_:into:layout:scratch:)`.
  public func write(
    _ image: Image, augmentedBy policy: AugmentationPolicy, _ key: AugmentationKey,
    into output: UnsafeMutableBufferPointer<Float>, canvas: AugmentationCanvas
  ) throws(ImageError) {
    guard output.count == elementCount, let target = output.baseAddress else {
      throw ImageError(
        .invalidArgument, "a buffer of \(output.count) numbers for an input of \(elementCount)")
    }
    try policy.apply(image, self, key, on: canvas)
    guard let pixels = canvas.pixels.baseAddress else { return }
    canvas.scratch.prepareTables(self)
    canvas.scratch.tables.withUnsafeBufferPointer { tables in
      guard let tables = tables.baseAddress else { return }
      normalize(pixels, tables, target, .nchw)
    }
  }

  /// The image, changed by `policy`, that the network sees: W×H in RGB; for gray input, shades of gray.
  public func image(
    of image: Image, augmentedBy policy: AugmentationPolicy, _ key: AugmentationKey
  ) throws(ImageError) -> Image {
    let canvas = AugmentationCanvas()
    try policy.apply(image, self, key, on: canvas)
    let result = try Image(width: width, height: height) { _ = $0.update(fromContentsOf: canvas.pixels) }
    if channels == .gray { Self.makeGray(result.storage.base, width * height) }
    return result
  }
}
