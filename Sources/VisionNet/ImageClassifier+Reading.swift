import VisionImage
import VisionSystem

extension ImageClassifier {
  /// Reads an image for the model. It is smaller than the image in the file where the model's preprocessing
  /// has scaled decoding.
  ///
  /// - Parameter options: options such as limits; the preprocessing is replaced by the model's.
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
