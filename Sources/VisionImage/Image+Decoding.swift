import VisionTensor

extension Image {
  /// Reads a PNG or JPEG file, recognised by its content, as Pillow's `convert("RGB")` does.
  ///
  /// Gamma and colour profiles are ignored, alpha is dropped, 16-bit samples give their high byte. Throws
  /// `missing`, `isDirectory`, `unreadable`, `empty`, `truncated`, `corrupt`, `unsupported`, `tooLarge` or
  /// `outOfMemory`, with the path as place. With `allowsTruncated` a picture that is cut short or damaged after its
  /// header is no error; `damage` then says what was wrong. For a `preprocessing` with scaled decoding the picture may be
  /// smaller than its file's, see `wholeWidth`.
  public init(contentsOf path: String, options: ImageOptions = ImageOptions()) throws(ImageError) {
    let file = try FileBytes(path: path, limit: options.maximumFileBytes)
    try self.init(encoded: file.bytes, name: path, options: options)
  }

  /// Decodes a PNG or JPEG in memory; `name` becomes the place of errors.
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
        orientation.upright((stored.width, stored.height)), orientation.upright((info.width, info.height))
      )
      self.init(
        width: size.width, height: size.height, storage: upright, damage: stored.damage, whole: whole,
        reduction: Reduction(stored.part, whole: whole, orientation))
    } catch { throw error.at(name) }
  }

  /// Decodes a PNG or JPEG in memory; `name` becomes the place of errors.
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
