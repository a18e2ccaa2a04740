import VisionNet

extension FilePath {
  /// The image in the file, for commands that have `--allow-truncated`: the error of an image that is cut short after its
  /// header says so.
  func imageOrRemedy(options: ImageOptions) throws(ImageError) -> Image {
    do throws(ImageError) { return try image(options: options) } catch {
      guard error.kind == .truncated, error.remedy == nil, !options.allowsTruncated, (try? imageInfo()) != nil
      else { throw error }
      throw ImageError(
        error.kind, error.message, place: error.place, remedy: "--allow-truncated takes it as far as it goes")
    }
  }
}
