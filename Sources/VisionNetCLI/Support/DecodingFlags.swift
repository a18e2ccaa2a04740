import VisionImage
import ArgumentParser
import VisionNet

/// Options for reading image files, for every command that decodes them.
struct DecodingFlags: ParsableArguments {
  @Flag(
    help:
      "Treat files with small defects as unreadable, even if they have all their pixels: stray bytes before a marker, a missing end, a wrong checksum of metadata."
  )
  var strictDecoding = false

  @Option(help: "The sample value of black in 16-bit PNGs and TIFFs. (default: the model's, or 0)")
  var black: Int?

  @Option(
    help: "The sample value of white, such as 4095 for 12 bits. (default: the model's, or the file's)")
  var white: Int?

  func validate() throws {
    guard black != nil || white != nil else { return }
    do { _ = try levels() } catch { throw ValidationError("--black and --white: \(error.message)") }
  }

  /// The given levels; nil to use the model's.
  func levels() throws(ImageError) -> SampleLevels? {
    guard black != nil || white != nil else { return nil }
    return try SampleLevels(black: black ?? 0, white: white ?? SampleLevels.range.upperBound)
  }
}
