package import VisionData
import VisionImage
package import VisionTraining

/// How a classifier of small images, such as thumbnails, digits and cut-out faces, is trained by default.
///
/// A pretrained network has seen photos of some 200 pixels. Enlarged to that size, small images look like none of
/// them, and a new last layer on its features is far worse than the whole network trained on them, which costs
/// little at their own size.
package struct SmallImages {
  /// The median of the images' shorter sides, in pixels.
  package let side: Int

  /// Fewer images are learned by a new last layer alone.
  private static let fewest = 1000
  /// The least side of the input: networks halve it five times.
  private static let leastInput = 64

  /// Examines images; nil where they are not small.
  private init?(_ images: [LabeledImage]) {
    let count = min(images.count, ImageSurvey.sampleSize)
    let infos = (0..<count).compactMap { try? ImageInfo(contentsOf: images[$0 * images.count / count].path) }
    guard !infos.isEmpty else { return nil }
    func median(_ sides: [Int]) -> Int { sides.sorted()[sides.count / 2] }
    guard ImageSize(median(infos.map { max($0.uprightWidth, $0.uprightHeight) })).isSmall else { return nil }
    side = median(infos.map { min($0.uprightWidth, $0.uprightHeight) })
  }

  /// The size of the network's input: twice that of the images, in multiples of 32.
  package var input: ImageSize { ImageSize(max((side * 2 + 31) / 32 * 32, Self.leastInput)) }

  /// The settings for training on these images: where they are small, and nothing of the way of training is given, the
  /// whole network is trained.
  package static func settings(_ given: GivenSettings, on images: [LabeledImage]) -> (
    GivenSettings, found: SmallImages?
  ) {
    let free =
      given[.fineTuning] == nil && given[.isFromScratch] == nil && given[.imageSize] == nil
      && given[.model] == nil && given[.preprocessing] == nil
    guard free, images.count >= fewest, let small = SmallImages(images) else { return (given, nil) }
    var given = given
    given[.fineTuning] = .all
    given[.imageSize] = small.input
    return (given, small)
  }

  /// Whether images are no larger than the input, so that nothing of them should be cut off.
  package static func areWhole(_ images: [LabeledImage], in input: ImageSize) -> Bool {
    guard let small = SmallImages(images) else { return false }
    return small.side <= max(input.width, input.height)
  }
}
