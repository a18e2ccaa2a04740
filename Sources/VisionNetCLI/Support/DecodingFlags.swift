import ArgumentParser
import VisionNet

/// Options for reading image files, for every command that decodes them.
struct DecodingFlags: ParsableArguments {
  @Flag(
    help:
      "Take files that are not quite as they should be for unreadable, though every pixel is there: bytes before a marker, a missing end, a wrong checksum of a remark."
  )
  var strictDecoding = false

  @Option(help: "The sample of 16-bit PNGs and TIFFs that is black. (default: as the model says, or 0)")
  var black: Int?

  @Option(
    help: "The sample that is white, such as 4095 of 12 bits. (default: as the model says, or by the file)")
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
