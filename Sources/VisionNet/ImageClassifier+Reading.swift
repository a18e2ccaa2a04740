import VisionImage
import VisionSystem

extension ImageClassifier {
  /// Reads an image as the model wants it, which is smaller than the file's where its preprocessing has scaled decoding.
  ///
  /// - Parameter options: limits and the like; the preprocessing is the model's.
  /// - Throws: `ImageError` as `Image(contentsOf:options:)`.
  public func image(
    contentsOf path: String, options: ImageOptions = ImageOptions()
  ) throws(ImageError) -> Image {
    try Image(contentsOf: path, options: reading(options))
  }

  /// Options to read images for this model.
  public func reading(_ options: ImageOptions = ImageOptions()) -> ImageOptions {
    var options = options
    options.preprocessing = preprocessing
    return options
  }
}
