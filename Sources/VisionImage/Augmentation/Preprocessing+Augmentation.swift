import CImageCodecs

extension Preprocessing {
  /// Writes the network's input for an image changed by `policy`: C×H×W numbers.
  ///
  /// With a canvas that has seen images of this size, nothing is allocated. Throws as `write(_:into:layout:scratch:)`.
  ///
  /// - Returns: where the image's pixels have come to lie.
  @discardableResult public func write(
    _ image: Image, augmentedBy policy: AugmentationPolicy, _ key: AugmentationKey,
    into output: UnsafeMutableBufferPointer<Float>, canvas: AugmentationCanvas
  ) throws(ImageError) -> InputGeometry {
    guard output.count == elementCount, let target = output.baseAddress else {
      throw ImageError(
        .invalidArgument, "a buffer of \(output.count) numbers for an input of \(elementCount)")
    }
    try policy.apply(image, self, key, on: canvas)
    guard let pixels = canvas.pixels.baseAddress else { return canvas.geometry }
    canvas.scratch.prepareTables(self)
    canvas.scratch.tables.withUnsafeBufferPointer { tables in
      guard let tables = tables.baseAddress else { return }
      normalize(pixels, tables, target, .nchw)
    }
    return canvas.geometry
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

extension AugmentationPolicy {
  /// What the policy makes of an image for a key, in RGB and of the image's own size.
  ///
  /// Training applies it to the image as the preprocessing fits it: `Preprocessing.image(of:augmentedBy:_:)` shows that.
  ///
  /// - Throws: `ImageError`, such as `outOfMemory`, or what an augmentation throws.
  public func apply(to image: Image, key: AugmentationKey) throws(ImageError) -> Image {
    try Preprocessing(width: image.width, height: image.height, fit: .squash)
      .image(of: image, augmentedBy: self, key)
  }
}
