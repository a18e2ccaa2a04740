import VisionSystem
import VisionTensor

extension Image {
  /// Reads an image file, like Pillow's `convert("RGB")`. The format is recognized from the contents.
  ///
  /// PNG, JPEG and BMP are always supported. WebP, HEIC, AVIF, TIFF and GIF are read by the system's libwebp,
  /// libheif, libtiff and giflib, which are looked up when such a file is read; if one is missing, the
  /// `unsupported` error names the package to install. Of an animation or a file of several pages, the first
  /// image is read.
  ///
  /// Gamma and color profiles are ignored, and alpha is dropped. Samples of more than 8 bits give their
  /// highest 8 bits, with two exceptions: 16-bit samples are mapped by the levels of the options or their
  /// preprocessing, if given; and a 16-bit PNG whose sBIT chunk declares fewer significant bits, and which
  /// stores them in the lowest bits, gives the highest 8 of these. The image is rotated according to EXIF, or
  /// else XMP; HEIC and AVIF always according to their container.
  ///
  /// With `allowsTruncated`, an image that is truncated or damaged after its header is not an error; `damage`
  /// then describes the problem. `warning` describes problems that do not affect the pixels; with `isStrict`
  /// these are errors. For a `preprocessing` with scaled decoding, the image may be smaller than in the file,
  /// see `wholeWidth`.
  ///
  /// - Throws: `missing`, `isDirectory`, `unreadable`, `empty`, `truncated`, `corrupt`, `unsupported`,
  ///   `tooLarge` or `outOfMemory`, with the path as place.
  public init(contentsOf path: String, options: ImageOptions = ImageOptions()) throws(ImageError) {
    let file = try FileBytes(path: path, limit: options.maximumFileBytes)
    try self.init(encoded: file.bytes, name: path, options: options)
  }

  /// Decodes an image in memory, as `init(contentsOf:options:)` does; `name` becomes the place of errors.
  public init(
    encoded bytes: UnsafeRawBufferPointer, name: String? = nil, options: ImageOptions = ImageOptions()
  ) throws(ImageError) {
    do throws(ImageError) {
      guard bytes.count <= options.maximumFileBytes else {
        throw ImageError(
          .tooLarge, "more than \(options.maximumFileBytes) bytes",
          remedy: "raise ImageOptions.maximumFileBytes")
      }
      let encoded = try EncodedImage(bytes)
      let info = encoded.info
      let stored = try encoded.decode(options)
      let orientation = options.appliesOrientation ? info.orientation : .upright
      let upright = try orientation.upright(stored.storage, width: stored.width, height: stored.height)
      let (size, whole) = (
        orientation.upright((stored.width, stored.height)),
        orientation.upright(stored.part == 1 ? (stored.width, stored.height) : (info.width, info.height))
      )
      self.init(
        width: size.width, height: size.height, storage: upright, damage: stored.status.damage,
        warning: stored.status.oddity?.message, whole: whole,
        reduction: Reduction(stored.part, whole: whole, orientation))
    } catch { throw error.at(name) }
  }

  /// Decodes an image in memory, as `init(contentsOf:options:)` does; `name` becomes the place of errors.
  public init(
    encoded bytes: [UInt8], name: String? = nil, options: ImageOptions = ImageOptions()
  ) throws(ImageError) {
    let result = bytes.withUnsafeBytes { buffer -> Result<Image, ImageError> in
      do throws(ImageError) {
        return .success(try Image(encoded: buffer, name: name, options: options))
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }
}
