import ArgumentParser

/// Which faces are found.
struct FaceDetectorFlags: ParsableArguments {
  @Option(help: "A pretrained detector of faces, downloaded on first use, or a model file.")
  var detector = "yunet"

  @Option(
    help:
      "The lowest score that counts, 0...1. (default: the detector's own, 0.9 for yunet; with --blur 0.5, to hide too much rather than too little)"
  )
  var confidence: Float?

  @Flag(
    inversion: .prefixedNo,
    help:
      "Look at images above 1280 pixels a second time, made smaller, for faces that are too large for the detector; without it, faces are those that OpenCV finds."
  )
  var largeFaces = true

  func validate() throws {
    guard confidence.map({ (0...1).contains($0) }) ?? true else {
      throw ValidationError("--confidence must be from 0 to 1")
    }
  }
}
