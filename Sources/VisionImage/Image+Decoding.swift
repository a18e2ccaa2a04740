extension Image {
  /// Reads a PNG or JPEG file, recognised by its content, as Pillow's `convert("RGB")` does.
  ///
  /// Gamma and colour profiles are ignored, alpha is dropped, 16-bit samples give their high byte. Throws
  /// `missing`, `isDirectory`, `unreadable`, `empty`, `truncated`, `corrupt`, `unsupported`, `tooLarge` or
  /// `outOfMemory`, with the path as place. With `allowsTruncated` a picture that is cut short or damaged after its
  /// header is no error; `damage` then says what was wrong.
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
      let (stored, damage) = try encoded.decode(options)
      guard options.appliesOrientation else {
        self.init(width: info.width, height: info.height, storage: stored, damage: damage)
        return
      }
      let upright = try info.orientation.upright(stored, width: info.width, height: info.height)
      self.init(width: info.uprightWidth, height: info.uprightHeight, storage: upright, damage: damage)
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
