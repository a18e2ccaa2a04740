import VisionData
import VisionSystem
import VisionImage

extension FolderSurvey {
  /// How the images become the input of a network with random weights: as they are where they have its size, squashed where
  /// they are small, else the middle 7/8; normalized by the mean and the deviation of the images to train on.
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
