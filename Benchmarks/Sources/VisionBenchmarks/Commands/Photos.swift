import VisionImage
import ArgumentParser
import VisionNet

/// `benchmark photos`: decoding and preprocessing.
struct Photos: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Photos in memory: milliseconds to decode each, and to make a network's input of it.")

  @OptionGroup var options: SharedOptions

  @Option(help: "A folder of photos. (default: the shared data, else the samples)")
  var folder: String?

  @Option(help: "How many photos at most.")
  var limit = 100

  func validate() throws {
    guard (1...100_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 100000") }
  }

  func run() throws {
    let report = try Report("photos", options)
    let photos = try PhotoFolder(folder ?? Project.photos, limit: limit)
    let images = try photos.files.map { try Image(encoded: $0) }
    let pixels = images.reduce(0) { $0 + $1.width * $1.height }
    let bytes = photos.files.reduce(0) { $0 + $1.count }
    let decoding = try Stopwatch.seconds(options) {
      for file in photos.files { _ = try Image(encoded: file) }
    }
    try add(report, "decode", decoding, photos.files.count, pixels, bytes)
    for (name, preprocessing) in [
      ("preprocess EfficientNet-Lite0 224", Preprocessing.efficientNetLite(224)),
      ("preprocess ImageNet 224", Preprocessing.imageNet(224)),
    ] {
      let scratch = PreprocessingScratch()
      let input = UnsafeMutableBufferPointer<Float>.allocate(capacity: preprocessing.elementCount)
      defer { input.deallocate() }
      let seconds = try Stopwatch.seconds(options) {
        for image in images { try preprocessing.write(image, into: input, layout: .nchw, scratch: scratch) }
      }
      try add(report, name, seconds, images.count, pixels, bytes)
    }
    report.print()
  }

  private func add(
    _ report: Report, _ name: String, _ seconds: Double, _ count: Int, _ pixels: Int, _ bytes: Int
  ) throws {
    try report.add([
      ("what", .text(name)), ("photos", .integer(count)),
      ("mean kB", .number(Double(bytes) / Double(count) / 1e3, 1)),
      ("mean kpixel", .number(Double(pixels) / Double(count) / 1e3, 1)),
      ("ms a photo", .number(seconds / Double(count) * 1e3, 3)),
      ("photos/s", .number(Double(count) / seconds, 1)),
      ("Mpixel/s", .number(Double(pixels) / seconds / 1e6, 1)),
    ])
  }
}
