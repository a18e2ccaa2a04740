/// The resolution at which an image is decoded before it is resized.
public enum ImageDecoding: String, Sendable, Hashable, CaseIterable, Codable {
  /// Every pixel of the file.
  case full
  /// JPEG is decoded at a half, a quarter or an eighth of its sides, rounded up, provided that the part to be
  /// resized then still has at least twice the target's sides. Other formats are decoded as with `full`.
  ///
  /// The part that would be cropped from the whole image is cropped from the smaller one, to a fraction of a
  /// pixel. The smaller image comes from libjpeg, which transforms only 4 × 4, 2 × 2 or 1 × 1 of the 8 × 8
  /// coefficients of a block. For a photo of 12 megapixels this takes half the time and a sixteenth of the
  /// memory.
  case scaled
}

extension Preprocessing {
  /// The least ratio of the sides after scaled decoding to the target's. With it, the filter removes more
  /// than the highest frequencies, in which libjpeg's scaled decoding differs.
  static let scaledDecodingMargin = 2

  /// The divisor of the sides at which a JPEG is decoded: 1, 2, 4 or 8.
  ///
  /// - Parameters:
  ///   - width: pixels in a row of the whole, upright image.
  ///   - height: rows of the whole, upright image.
  public func decodedPart(width: Int, height: Int) -> Int {
    guard decoding == .scaled else { return 1 }
    let place = placement(width: width, height: height)
    let margin = Self.scaledDecodingMargin
    return [8, 4, 2].first { part in
      place.crop.width >= margin * part * place.target.width
        && place.crop.height >= margin * part * place.target.height
    } ?? 1
  }
}
