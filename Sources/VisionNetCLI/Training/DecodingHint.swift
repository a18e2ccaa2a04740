import VisionImage
import VisionNet

/// Tells users who train on large photos that these can be read faster.
struct DecodingHint {
  let images: [LabeledImage]
  let preprocessing: Preprocessing

  /// The number of images whose headers are examined, evenly spaced.
  private static let sample = 16

  /// The factor by which the median image would be read smaller: 1, 2, 4 or 8.
  private var typicalPart: Int {
    let scaled = preprocessing.decoding(.scaled)
    let count = min(images.count, Self.sample)
    let parts = (0..<count).map { index -> Int in
      guard let info = try? ImageInfo(contentsOf: images[index * images.count / count].path),
        info.format == .jpeg
      else { return 1 }
      return scaled.decodedPart(width: info.uprightWidth, height: info.uprightHeight)
    }
    return parts.isEmpty ? 1 : parts.sorted()[parts.count / 2]
  }

  func say(_ messages: Messages) {
    guard preprocessing.decoding == .full, case let part = typicalPart, part > 1 else { return }
    messages.note(
      "these images are far larger than the network's input: --decoding scaled would read them at 1/\(part) of their "
        + "sides, faster and hardly different; the model then does so, too")
  }
}
