import VisionNet

extension FilePath {
  /// The image in the file, for commands with `--allow-truncated`: if an image is truncated after its header,
  /// the error mentions that option.
  func imageOrRemedy(options: ImageOptions) throws(ImageError) -> Image {
    do throws(ImageError) { return try image(options: options) } catch {
      guard error.kind == .truncated, error.remedy == nil, !options.allowsTruncated, (try? imageInfo()) != nil
      else { throw error }
      throw ImageError(
        error.kind, error.message, place: error.place, remedy: "--allow-truncated decodes what is there")
    }
  }
}
