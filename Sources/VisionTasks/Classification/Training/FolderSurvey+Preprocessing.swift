import VisionData
import VisionSystem
import VisionImage

extension FolderSurvey {
  /// The preprocessing for a network with random weights: for a small input size, images are resized without
  /// keeping their aspect ratio; else their center 7/8 is cropped. Both are normalized by the mean and
  /// standard deviation of the training images.
  func preprocessing(_ size: ImageSize) throws(TrainingError) -> Preprocessing {
    let channels = isGray ? 1 : 3
    do {
      return try Preprocessing(
        width: size.width, height: size.height, fit: size.isSmall ? .squash : .centerCrop(fraction: 0.875),
        filter: .bilinear, channels: isGray ? .gray : .rgb,
        scale: [Double](repeating: 1 / 255, count: channels), mean: Array(mean.prefix(channels)),
        deviation: Array(deviation.prefix(channels)))
    } catch { throw TrainingError(error) }
  }
}
