import VisionSystem
import VisionTensor

/// The 16-bit samples that are black and white, for cameras and microscopes that use only a part of the
/// range: unshifted 12-bit samples are in 0...4095.
///
/// A sample v becomes 255 (v − black) / (white − black), rounded to nearest and clamped to 0...255. Images of
/// other bit depths are not changed.
public struct SampleLevels: Sendable, Hashable, Codable {
  /// The sample that becomes 0, in 0...65534.
  public let black: Int
  /// The sample that becomes 255, above `black` and at most 65535.
  public let white: Int

  /// The values that samples can have.
  public static let range = 0...65_535

  /// Throws `invalidPreprocessing` for levels out of range.
  public init(black: Int = 0, white: Int = 65_535) throws(ImageError) {
    guard Self.range.contains(black), Self.range.contains(white), black < white else {
      throw ImageError(
        .invalidPreprocessing, "black at \(black) and white at \(white) are not 0 ≤ black < white ≤ 65535",
        place: "levels",
        remedy: "12-bit samples have black at 0 and white at 4095")
    }
    self.black = black
    self.white = white
  }

  private enum Keys: String, CodingKey, CaseIterable { case black, white }

  public init(from decoder: any Decoder) throws {
    try Preprocessing.refuseUnknownKeys(decoder, Keys.allCases.map(\.rawValue))
    let values = try decoder.container(keyedBy: Keys.self)
    try self.init(black: values.value(.black), white: values.value(.white))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Keys.self)
    try values.encode(black, forKey: .black)
    try values.encode(white, forKey: .white)
  }
}
