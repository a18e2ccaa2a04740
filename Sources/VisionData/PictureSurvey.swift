public import VisionImage

/// What the pictures of a data set are like, from a sample of them: how large, and whether they are grey.
public struct PictureSurvey: Sendable, Hashable {
  /// How many pictures are looked at, evenly spread.
  public static let sampleSize = 48

  /// The median of the widths, in pixels.
  public let width: Int
  /// The median of the heights.
  public let height: Int
  /// Whether every picture looked at has equal red, green and blue.
  public let areGrey: Bool

  /// Looks at pictures; those that cannot be read do not count.
  ///
  /// - Throws: `DatasetError` when none of them can be read.
  public init(_ pictures: [LabelledPicture]) throws(DatasetError) {
    let count = min(pictures.count, Self.sampleSize)
    let images = (0..<count).compactMap {
      try? Image(contentsOf: pictures[$0 * pictures.count / count].path)
    }
    guard !images.isEmpty else {
      throw DatasetError(
        .noneReadable, "none of the pictures looked at can be read", place: pictures.first?.path)
    }
    width = images.map(\.width).sorted()[images.count / 2]
    height = images.map(\.height).sorted()[images.count / 2]
    areGrey = images.allSatisfy { image in
      image.withUnsafePixels { pixels in
        stride(from: 0, to: pixels.count, by: 3).allSatisfy {
          pixels[$0] == pixels[$0 + 1] && pixels[$0] == pixels[$0 + 2]
        }
      }
    }
  }

  /// What the pictures show, as far as it decides what may be done to them.
  public func content(labels: [String]) -> PictureContent { PictureContent(labels: labels, areGrey: areGrey) }

  /// How a network that starts from scratch takes such pictures: small ones whole, in their own size unless `size` says
  /// another, grey where all are; larger ones as ImageNet's, of 224 pixels.
  public func preprocessing(size: Int? = nil) -> Preprocessing {
    let small = AugmentationPolicy.smallSide
    let isSmall = max(width, height) < small
    let (w, h) = size.map { ($0, $0) } ?? (isSmall ? (width, height) : (224, 224))
    guard isSmall || max(w, h) < small else { return .imageNet(min(max(w, 1), 7168)) }
    let scale = [Double](repeating: 1.0 / 255, count: areGrey ? 1 : 3)
    // Sides of 1...63, or those asked for, are within the range of a preprocessing.
    let fitted = try? Preprocessing(
      width: w, height: h, fit: .squash, channels: areGrey ? .grey : .rgb, scale: scale)
    return fitted ?? .squashed(min(max(w, 1), 8192))
  }
}
