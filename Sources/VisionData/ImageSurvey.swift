public import VisionImage

/// The properties of a dataset's images, from a sample: their size, and whether they are gray.
public struct ImageSurvey: Sendable, Hashable {
  /// The number of images examined, evenly spread over the list.
  public static let sampleSize = 48

  /// The median of the widths, in pixels.
  public let width: Int
  /// The median of the heights, in pixels.
  public let height: Int
  /// Whether every examined image has equal red, green and blue.
  public let areGray: Bool

  /// Examines images; unreadable ones are ignored.
  ///
  /// - Throws: `DatasetError` when none of them can be read.
  public init(_ images: [LabeledImage]) throws(DatasetError) {
    let count = min(images.count, Self.sampleSize)
    let decoded = (0..<count).compactMap {
      try? Image(contentsOf: images[$0 * images.count / count].path)
    }
    guard !decoded.isEmpty else {
      throw DatasetError(
        .noneReadable, "none of the images looked at can be read", place: images.first?.path)
    }
    width = decoded.map(\.width).sorted()[decoded.count / 2]
    height = decoded.map(\.height).sorted()[decoded.count / 2]
    areGray = decoded.allSatisfy { image in
      image.withUnsafePixels { pixels in
        stride(from: 0, to: pixels.count, by: 3).allSatisfy {
          pixels[$0] == pixels[$0 + 1] && pixels[$0] == pixels[$0 + 2]
        }
      }
    }
  }

  /// The content of the images, as far as it determines the suitable augmentation.
  public func content(labels: [String]) -> ImageContent { ImageContent(labels: labels, areGray: areGray) }

  /// The preprocessing for a network trained from scratch: small images whole, at their own size unless
  /// `size` gives another, and gray if all are gray; larger images as for ImageNet, at 224 pixels unless
  /// `size` gives another.
  public func preprocessing(size: Int? = nil) -> Preprocessing {
    let small = AugmentationPolicy.smallSide
    let isSmall = max(width, height) < small
    let (w, h) = size.map { ($0, $0) } ?? (isSmall ? (width, height) : (224, 224))
    guard isSmall || max(w, h) < small else { return .imageNet(min(max(w, 1), 7168)) }
    let scale = [Double](repeating: 1.0 / 255, count: areGray ? 1 : 3)
    // Sides of 1...63, or the requested ones, are valid for a preprocessing.
    let fitted = try? Preprocessing(
      width: w, height: h, fit: .squash, channels: areGray ? .gray : .rgb, scale: scale)
    return fitted ?? .squashed(min(max(w, 1), 8192))
  }
}
