/// How much of an image's detail is decoded before it is resized.
public enum ImageDecoding: String, Sendable, Hashable, CaseIterable, Codable {
  /// Every pixel of the file.
  case full
  /// JPEG at a half, a quarter or an eighth of its sides, rounded up, as far as what is resized then still has twice the
  /// sides that are wanted of it; everything else as `full`.
  ///
  /// What is cut out of the whole image is cut out of the smaller one, to the fraction of a pixel. That comes from libjpeg's
  /// transforms of 4 × 4, 2 × 2 and 1 × 1 of the 8 × 8 coefficients of a block, which takes half the time and a sixteenth of
  /// the memory for a photo of 12 megapixels.
  case scaled
}

extension Preprocessing {
  /// How many times as long and wide as wanted an image is at least after scaled decoding: what is left to the filter then
  /// is more than what libjpeg does to the highest frequencies.
  static let scaledDecodingMargin = 2

  /// The part of its sides that a JPEG is decoded at: 1, 2, 4 or 8 stands for the whole, a half, a quarter and an eighth.
  ///
  /// - Parameters:
  ///   - width: pixels in a row of the whole image, upright.
  ///   - height: its rows.
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
