import VisionSystem
import VisionTensor

extension Image {
  /// Reads an image file, recognized by its content, as Pillow's `convert("RGB")` does.
  ///
  /// PNG, JPEG and BMP are always read. WebP, HEIC, AVIF, TIFF and GIF are read by the system's own libwebp, libheif,
  /// libtiff and giflib, which are looked up when such a file is met; where one is missing, the `unsupported` error names
  /// the package to install. Of animations and of several pages the first is read.
  ///
  /// Gamma and color profiles are ignored, alpha is dropped, samples of more than 8 bits give their 8 highest; those of
  /// a 16-bit PNG whose sBIT chunk says that fewer bits are significant, and which are stored in the lowest bits, are
  /// scaled by that number, and all of 16 bits by the levels that the options or their preprocessing give. The image is turned as EXIF says, else as XMP says; HEIC and AVIF as their container says,
  /// whatever the options. Throws
  /// `missing`, `isDirectory`, `unreadable`, `empty`, `truncated`, `corrupt`, `unsupported`, `tooLarge` or
  /// `outOfMemory`, with the path as place. With `allowsTruncated` an image that is cut short or damaged after its
  /// header is no error; `damage` then says what was wrong. `warning` tells what every decoder reads with a shrug, unless
  /// `isStrict` makes it an error. For a `preprocessing` with scaled decoding the image may be
  /// smaller than its file's, see `wholeWidth`.
  public init(contentsOf path: String, options: ImageOptions = ImageOptions()) throws(ImageError) {
    let file = try FileBytes(path: path, limit: options.maximumFileBytes)
    try self.init(encoded: file.bytes, name: path, options: options)
  }

  /// Decodes an image in memory, as from a file; `name` becomes the place of errors.
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

  /// Decodes an image in memory, as from a file; `name` becomes the place of errors.
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
